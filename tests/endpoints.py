"""The endpoint of ``/graphql`` for tests: nothing is bounded unless a test says so."""

from hutong.admission import Admission, AdmissionLimits
from hutong.budgets import Budget
from hutong.graphql_endpoint import Authenticate, Execute, GraphQLEndpoint
from hutong.trusted_documents import TrustedDocuments
from schema.language import Language


def endpoint_of(
    execute: Execute,
    authenticate: Authenticate,
    *,
    admission: Admission | None = None,
    requests: Budget | None = None,
    documents: TrustedDocuments | None = None,
) -> GraphQLEndpoint:
    """An endpoint that speaks Chinese by default, admits everybody and knows no trusted documents."""
    return GraphQLEndpoint(
        execute=execute,
        authenticate=authenticate,
        admission=admission or Admission(AdmissionLimits()),
        requests=requests or Budget("requests", 0),
        documents=documents or TrustedDocuments({}, only=False),
        language=Language.ZH,
    )
