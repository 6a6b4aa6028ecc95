"""The compose file is one that Docker would take, and holds what the design asks of it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from config.checks import SILENT

ROOT = Path(__file__).resolve().parent.parent.parent
COMPOSE = ROOT / "docker-compose.yml"
ONE_SHOT = {"migrate", "manage"}
OURS = {"public", "desk", "worker", "mailer", "beat", "migrate", "manage"}


def example_environment() -> dict[str, str]:
    """A filled-in ``.env``: every name of the example's first part, with a value of its own."""
    first_part = (ROOT / ".env.example").read_text().split("# --- What each process reads")[0]
    given = dict(re.findall(r"^([A-Z][A-Z_]+)=(.*)$", first_part, re.MULTILINE))
    return {name: value or f"{name.lower().replace('_', '-')}-{'0123456789' * 4}" for name, value in given.items()}


def compose(*arguments: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """The real ``docker compose``, which needs no engine to read a file."""
    spec = find_spec("compose")
    assert spec is not None
    assert spec.origin is not None
    program = str(Path(spec.origin).with_name("docker-compose"))
    return subprocess.run(
        [program, "-f", str(COMPOSE), "--env-file", os.devnull, *arguments],
        env={"PATH": os.defpath, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def resolved() -> dict[str, Any]:
    """The file as compose understands it, all profiles, with the example's environment filled in."""
    done = compose("--profile", "*", "config", "--format", "json", environment=example_environment())
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.fixture(scope="module")
def services() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = resolved()["services"]
    return found


def test_the_schema_holds() -> None:
    program = Path(sys.executable).with_name("check-jsonschema")
    command = [str(program), "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_service_is_there(services: dict[str, dict[str, Any]]) -> None:
    assert set(services) == {"nginx", "db", "redis", "redis-public", "mail", *OURS}


def test_no_secret_has_a_default() -> None:
    text = COMPOSE.read_text()
    secrets = {name for name in re.findall(r"\$\{(\w+)", text) if re.search("SECRET|PASSWORD|SALT|PEPPER|KEY", name)}
    assert "POSTGRES_PASSWORD" in secrets
    for name in secrets - {"EMAIL_HOST_PASSWORD"}:  # a mail server may need none
        assert re.findall(rf"\${{{name}([^}}]*)}}", text) == [":?"] * text.count(f"${{{name}")


@pytest.mark.parametrize(
    "name",
    sorted(
        set(example_environment())
        - {"EMAIL_PORT", "EMAIL_USE_TLS", "TIME_ZONE", "EMAIL_HOST_USER", "EMAIL_HOST_PASSWORD"}
    ),
)
def test_a_missing_value_stops_it_and_is_named(name: str) -> None:
    done = compose("config", "-q", environment={**example_environment(), name: ""})
    assert done.returncode != 0
    assert name in done.stderr


def test_the_private_keys_lie_apart(services: dict[str, dict[str, Any]]) -> None:
    keys = {
        name: {volume["source"] for volume in service.get("volumes", []) if "keys" in volume["source"]}
        for name, service in services.items()
    }
    assert {name: found for name, found in keys.items() if found} == {
        "mailer": {"notice-keys"},
        "manage": {"notice-keys"},
    }
    assert services["manage"]["profiles"] == ["manage"], "it runs only when somebody asks for it"


def test_each_process_has_only_its_own_secrets(services: dict[str, dict[str, Any]]) -> None:
    secret = re.compile("SECRET|PASSWORD|SALT|PEPPER|_KEY$")
    held = {name: {key for key in services[name]["environment"] if secret.search(key)} for name in OURS}
    receipts = {"RECEIPT_SALT", "RECEIPT_PEPPER", "FORM_SECRET"}
    assert held["public"] == {"SECRET_KEY", *receipts}
    assert held["desk"] == {"SECRET_KEY", "SIGN_IN_KEY", "EMAIL_HOST_PASSWORD", *receipts}
    assert held["mailer"] == {"SECRET_KEY", "EMAIL_HOST_PASSWORD"}
    assert held["worker"] == held["beat"] == held["migrate"] == {"SECRET_KEY"}
    # only the operator's commands check what the worker joins
    assert {name for name in OURS if "AUDIT_SECRET" in services[name]["environment"]} == {"manage"}
    assert services["manage"]["environment"]["AUDIT_SECRET"] == services["worker"]["environment"]["SECRET_KEY"]
    keys = {name: services[name]["environment"]["SECRET_KEY"] for name in ("public", "desk", "worker")}
    assert len(set(keys.values())) == 3


def test_each_process_has_a_database_role_of_its_own(services: dict[str, dict[str, Any]]) -> None:
    roles = {
        name: re.match(r"postgres://(\w+):", services[name]["environment"].get("DATABASE_URL", ""))
        for name in ("public", "desk", "worker", "mailer", "migrate")
    }
    assert {name: match and match[1] for name, match in roles.items()} == {
        "public": "steady_public",
        "desk": "steady_desk",
        "worker": "steady_worker",
        "mailer": "steady_worker",
        "migrate": "steady",
    }


def test_the_public_process_shares_no_cache_with_the_desk_and_reaches_no_other_site(
    services: dict[str, dict[str, Any]],
) -> None:
    networks = resolved()["networks"]
    assert "@redis-public:" in services["public"]["environment"]["REDIS_URL"]
    assert "@redis:" in services["desk"]["environment"]["REDIS_URL"]
    assert set(services["redis"]["networks"]) & set(services["public"]["networks"]) == set()
    assert all(networks[name].get("internal") for name in services["public"]["networks"])


def test_only_the_proxy_is_reachable(services: dict[str, dict[str, Any]]) -> None:
    published = {name: service["ports"] for name, service in services.items() if service.get("ports")}
    assert set(published) == {"nginx", "mail"}
    assert [port["host_ip"] for port in published["mail"]] == ["127.0.0.1"]
    assert services["mail"]["profiles"] == ["development"]


def test_every_service_that_stays_says_whether_it_is_well(services: dict[str, dict[str, Any]]) -> None:
    unwatched = {name for name, service in services.items() if not service.get("healthcheck", {}).get("test")}
    assert unwatched == ONE_SHOT


def test_nobody_runs_as_root_or_can_become_it(services: dict[str, dict[str, Any]]) -> None:
    last_user = re.findall(r"^USER (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    assert last_user == ["10001:10001", "101:101"]
    for name, service in services.items():
        assert name in OURS or not service["user"].startswith("0"), name
        assert service["cap_drop"] == ["ALL"], name
        assert service["security_opt"] == ["no-new-privileges:true"], name
        assert service["read_only"], name


def test_what_falls_leaves_no_memory_on_the_disk(services: dict[str, dict[str, Any]]) -> None:
    assert {name for name, service in services.items() if "core" not in service.get("ulimits", {})} == set()
    assert re.findall(r"core: (\w+)", COMPOSE.read_text()) == ["0"]


def test_no_service_takes_the_whole_machine(services: dict[str, dict[str, Any]]) -> None:
    """Every one has a limit of memory and one of processes; all that run at once fit a machine of 8 GiB."""
    limits = {name: (int(one.get("mem_limit", 0)), one.get("pids_limit", 0)) for name, one in services.items()}
    assert {name: both for name, both in limits.items() if not all(both)} == {}
    assert all(64 <= pids <= 512 for _, pids in limits.values())
    together = sum(memory for name, (memory, _) in limits.items() if name not in {*ONE_SHOT, "mail"})
    assert together <= 8 * 1024**3


def test_the_application_and_nginx_are_told_the_same_of_hsts() -> None:
    asked = {"HSTS_INCLUDE_SUBDOMAINS": "true", "HSTS_PRELOAD": "true"}
    for given, value in ({}, "false"), (asked, "true"):
        command = ("--profile", "*", "config", "--format", "json")
        done = compose(*command, environment={**example_environment(), **given})
        found = json.loads(done.stdout)["services"]
        for name in ("nginx", "public", "desk"):
            assert {one: found[name]["environment"][one] for one in asked} == dict.fromkeys(asked, value), name


def test_the_database_and_the_cache_log_no_value(services: dict[str, dict[str, Any]]) -> None:
    command = services["db"]["command"]
    options = dict(word.split("=", 1) for word in command if "=" in word)
    wanted = {name: values for name, values in SILENT.items() if name in options}
    assert {name: options[name] in values for name, values in wanted.items()} == dict.fromkeys(wanted, True)
    assert len(wanted) >= 5
    for name in ("redis", "redis-public"):
        (program,) = services[name]["command"][2:]
        for words in ('--save ""', "--appendonly no", "--slowlog-log-slower-than -1", "--crash-log-enabled no"):
            assert words in program, name


def test_the_image_holds_what_the_site_needs_and_nothing_else() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text()
    copied = {name for line in re.findall(r"^COPY (?!--)(.+)$", dockerfile, re.MULTILINE) for name in line.split()[:-1]}
    assert {name for name in copied if not (ROOT / name).exists()} == set()
    allowed = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert {name for name in copied if not any(name == one or name.startswith(f"{one}/") for one in allowed)} == set()
    assert "tests" not in copied
    assert "--require-hashes requirements/run.txt" in dockerfile


def test_what_installs_the_rest_is_pinned_by_hash_too() -> None:
    """uv comes by the hashes of its file, in the image as on a developer's machine, and nothing else comes by pip."""
    pinned = (ROOT / "requirements" / "uv.txt").read_text()
    assert re.findall(r"^(\w+)==[\d.]+ \\$", pinned, re.MULTILINE) == ["uv"]
    assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", pinned)) > 10
    for name in ("Dockerfile", "Makefile"):
        installs = re.findall(r"pip install (.+)", (ROOT / name).read_text())
        assert [words for words in installs if "--require-hashes -r requirements/uv.txt" not in words] == [], name
        assert len(installs) == 1


def test_the_locks_agree() -> None:
    """What runs is what was tested: every pin of run.txt stands in dev.txt too, and all of them have hashes."""
    pins = {}
    for name in ("run", "dev"):
        text = (ROOT / "requirements" / f"{name}.txt").read_text()
        pins[name] = dict(re.findall(r"^([a-z0-9._-]+)(?:\[[^]]*\])?==(\S+) \\$", text, re.MULTILINE))
        assert len(pins[name]) == len(re.findall(r"^[a-z0-9].*==", text, re.MULTILINE))
    assert len(pins["run"]) > 20
    assert pins["run"].items() <= pins["dev"].items()


# --- nginx ---------------------------------------------------------------------------------------------------------

#: Where Debian's libnginx-mod-stream puts it; elsewhere it is a part of nginx.
STREAM_MODULE = Path("/usr/lib/nginx/modules/ngx_stream_module.so")


def _nginx() -> str | None:
    """An nginx that can count connections (``stream``), if there is one."""
    found = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    built = subprocess.run([found, "-V"], capture_output=True, text=True, check=True).stderr if found else ""
    return found if STREAM_MODULE.exists() or re.search(r"--with-stream( |$)", built) else None


NGINX = _nginx()
#: The column's name over Tor where the environment gives none.
ONION = "onion.invalid"


def nginx_folder(folder: Path, hsts: dict[str, str] | None = None) -> Path:
    """The configuration as the image would have it, below a folder; upstreams are on this machine. ``hsts``: values of
    these two settings that are not the usual ones."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost,DNS:*.localhost"],
        check=True, capture_output=True,
    )  # fmt: skip
    source = ROOT / "deploy" / "nginx"
    mime = next(
        path for path in (Path("/etc/nginx/mime.types"), Path("/usr/local/etc/nginx/mime.types")) if path.exists()
    )
    (folder / "mime.types").symlink_to(mime)
    values = {
        "unix:/tmp/": "unix:",  # below the folder that nginx is started in: the path of a socket must be short
        "/tmp/": f"{folder}/",  # first of those that follow, since the others put that folder's own path in
        "${PUBLIC_HOST}": "column.example",
        "${DESK_HOST}": "desk.column.example",
        "${ONION_HOST}": ONION,
        "${HSTS_INCLUDE_SUBDOMAINS}": "false",
        "${HSTS_PRELOAD}": "false",
        **{f"${{{name}}}": value for name, value in (hsts or {}).items()},
        "/etc/nginx/tls": str(folder),
        "server public:8000": "server 127.0.0.1:8001",
        "server desk:8000": "server 127.0.0.1:8002",
        "/srv/static": str(folder / "static"),
        "/srv/errors": str(source / "errors"),
    }
    for file in source.glob("*.*"):
        text = file.read_text()
        for old, new in values.items():
            text = text.replace(old, new)
        # folders below, which nginx makes with the first file and leaves there: so a file that was made shows
        text = re.sub(r"((?:client_body|proxy)_temp_path [^; ]+);", r"\1 1 2;", text)
        # HTTP/2 has a directive of its own from nginx 1.25.1 on; older ones cannot be asked about it
        text = text.replace("    http2 on;\n", "")
        if file.name == "nginx.conf" and STREAM_MODULE.exists():
            text = f"load_module {STREAM_MODULE};\n{text}"
        (folder / file.name.removesuffix(".template")).write_text(text)
    return folder / "nginx.conf"


@pytest.mark.skipif(NGINX is None, reason="no nginx on this machine")
def test_nginx_understands_its_configuration(tmp_path: Path) -> None:
    command = [str(NGINX), "-t", "-p", str(tmp_path), "-c", str(nginx_folder(tmp_path))]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr


def test_nginx_keeps_nothing_of_a_letter() -> None:
    text = "".join((ROOT / "deploy" / "nginx" / name).read_text() for name in ("nginx.conf", "site.conf.template"))
    assert re.findall(r"access_log ([^;]+);", text) == ["off"]
    assert "log_format" not in text
    assert re.findall(r"error_log \S+ (\w+);", text) == ["emerg"]
    size, buffer = (re.search(rf"{name} (\d+)m;", text) for name in ("client_max_body_size", "client_body_buffer_size"))
    assert size is not None
    assert buffer is not None
    assert int(buffer[1]) >= int(size[1]), "no body is written to a file"
    assert int(size[1]) * 1024 * 1024 >= settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    assert "proxy_max_temp_file_size 0;" in text
    assert re.findall(r"gzip (\w+);", text) == ["off"], "the length of a compressed page tells"


def test_the_compose_file_is_one_document_without_duplicate_names() -> None:
    class Strict(yaml.SafeLoader):
        pass

    def mapping(loader: yaml.SafeLoader, node: yaml.MappingNode) -> dict[Any, Any]:
        names = [key.value for key, _ in node.value if key.value != "<<"]
        assert len(names) == len(set(names)), f"twice in line {node.start_mark.line + 1}"
        loader.flatten_mapping(node)
        return dict(loader.construct_pairs(node))

    Strict.add_constructor("tag:yaml.org,2002:map", mapping)
    assert "services" in yaml.load(COMPOSE.read_text(), Strict)  # noqa: S506 - a SafeLoader of our own
