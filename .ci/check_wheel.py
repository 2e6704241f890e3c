"""Builds the wheel, installs it with locked packages into a clean environment, and starts it once.

The environment lies outside the working tree, so nothing but the wheel can be imported. The sources of the demo's
manifests are not there: the hub must start all the same.
"""

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STARTS_WITHIN = 20.0


def main() -> None:
    """Exit status 0 when the installed wheel serves."""
    with tempfile.TemporaryDirectory(prefix="hutong-wheel-") as name:
        folder = Path(name)
        wheel = build(folder)
        binaries = install(folder, wheel)
        say("help", run(binaries / "hutong", "--help", cwd=folder).splitlines()[0])
        sdl = run(binaries / "hutong", "schema", "print", cwd=folder)
        if sdl != (ROOT / "schema" / "schema.graphql").read_text(encoding="utf-8"):
            sys.exit("the schema that the wheel prints is not schema/schema.graphql")
        say("schema", f"{len(sdl.splitlines())} lines, as committed")
        files = run(binaries / "python", "-c", PAGE_FILES, cwd=folder).split()
        if absent := {"explorer.html", "explorer.css", "explorer.js"} - set(files):
            sys.exit(f"the wheel lacks {', '.join(sorted(absent))} of the explorer page")
        say("explorer", f"{len(files)} files, {'with' if 'editor.js' in files else 'without'} the bundled editor")
        serve_once(binaries, folder)


def build(folder: Path) -> Path:
    """The wheel."""
    run(sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder / "dist", ROOT, cwd=ROOT)
    (wheel,) = (folder / "dist").glob("*.whl")
    say("built", wheel.name)
    return wheel


def install(folder: Path, wheel: Path) -> Path:
    """A clean environment with the wheel in it; its folder of programs."""
    venv.create(folder / "venv", with_pip=True)
    binaries = folder / "venv" / "bin"
    pip = (binaries / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(*pip, "--require-hashes", "--requirement", ROOT / "requirements" / "runtime.txt", cwd=folder)
    run(*pip, "--no-deps", wheel, cwd=folder)
    run(binaries / "python", "-m", "pip", "check", cwd=folder)
    say("installed", "with the locked packages, all requirements met")
    return binaries


def serve_once(binaries: Path, folder: Path) -> None:
    """Start, ask for health, readiness and one operation, stop."""
    port = free_port()
    process = subprocess.Popen(
        [binaries / "hutong", "serve", "--settings", settings_file(folder, binaries), "--port", str(port)],
        cwd=folder,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        say("healthz", ask(process, port, "/healthz"))
        say("readyz", ask(process, port, "/readyz"))
        answer = json.loads(ask(process, port, "/graphql", {"query": "{ __schema { queryType { name } } }"}))
        if answer != {"data": {"__schema": {"queryType": {"name": "Query"}}}}:
            sys.exit(f"not the schema's answer: {answer}")
        process.send_signal(signal.SIGTERM)
        if (status := process.wait(timeout=15)) != 0:
            sys.exit(f"the hub ended with status {status}")
        say("stopped", "with status 0")
    finally:
        process.kill()
        process.wait()


def settings_file(folder: Path, binaries: Path) -> Path:
    """Production settings with the demo's manifests and policies, and keys of nobody."""
    secret = folder / "secrets"
    secret.mkdir(mode=0o700)
    (secret / "master.key").touch(mode=0o600)
    (secret / "master.key").write_text(secrets.token_hex(32))
    keys = run(binaries / "python", "-c", PUBLIC_KEYS, cwd=folder)
    (secret / "jwks.json").write_text(keys)
    passwords = "".join(f"HUTONG_{name}_PASSWORD=none\n" for name in ("S1", "S2", "S4", "S5"))
    hotline = f"HUTONG_HOTLINE_TOKEN=none\nHUTONG_HOTLINE_MIRROR_KEY={secrets.token_hex(32)}\n"
    (secret / "connections.env").write_text(passwords + hotline)
    shutil.copytree(ROOT / "tests/resolvers/files", folder / "sources")
    file = folder / "hub.toml"
    file.write_text(
        f'manifests_dir = "{ROOT / "demo" / "manifests"}"\npolicies_dir = "{ROOT / "demo" / "policies"}"\n'
        'jwks_file = "secrets/jwks.json"\nconnections_file = "secrets/connections.env"\n'
    )
    return file


PAGE_FILES = "from hutong.explorer.page_files import page_files; print(*page_files())"

PUBLIC_KEYS = """
import json
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.algorithms import OKPAlgorithm
key = OKPAlgorithm.to_jwk(Ed25519PrivateKey.generate().public_key(), as_dict=True)
print(json.dumps({"keys": [{**key, "kid": "nobody", "use": "sig", "alg": "EdDSA"}]}))
"""


def ask(process: "subprocess.Popen[str]", port: int, path: str, body: object = None) -> str:
    """The body of an answer with status 200; waits until the hub listens."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}{path}", data=data, headers={"Content-Type": "application/json"}
    )
    deadline = time.monotonic() + STARTS_WITHIN
    while True:
        try:
            with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310
                return str(response.read().decode())
        except OSError as error:
            if process.poll() is not None:
                sys.exit(f"the hub did not start:\n{process.stderr.read() if process.stderr else ''}")
            if time.monotonic() > deadline:
                sys.exit(f"the hub does not answer {path}: {error}")
            time.sleep(0.2)


def free_port() -> int:
    """A port nobody listens on now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def run(*command: str | Path, cwd: Path) -> str:
    """Standard output of a command; ends the check when it fails. The tree's own code is not on its path."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("HUTONG_", "PYTHONPATH"))}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stdout}{done.stderr}")
    return done.stdout


def say(step: str, text: str) -> None:
    """One line of progress."""
    print(f"{step:<10} {text}", flush=True)


if __name__ == "__main__":
    main()
