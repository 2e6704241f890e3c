"""The masks that roles of this stage get, in their strict form; what is not well-formed is hidden wholly."""

from datetime import date

from demo.oracle.identity import normal_id

HIDDEN = "****"


def masked(kind: str, value: object, today: date) -> str:
    """``value`` as a caller sees it who may only see it masked. Raises ``ValueError`` for a mask no role here has."""
    match kind:
        case "idNumber":
            if not isinstance(value, str) or normal_id(value, today) != value:
                return HIDDEN
            return f"{value[0]}{'*' * 16}{value[-1]}"
        case "mobile":
            if not isinstance(value, str) or len(value) != 11 or not value.isdigit() or value[0] != "1":
                return HIDDEN
            return f"{value[:3]}****{value[-4:]}"
        case _:
            raise ValueError(f"no role of this stage masks by {kind}")
