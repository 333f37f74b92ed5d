"""The environment: names, types, and rules between them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from gauzy_mcp.doctor.finding import Finding, failed, passed, warned

if TYPE_CHECKING:
    from gauzy_mcp.env import Environment

_CHECK: Final = "environment"


def variables() -> tuple[Environment | None, list[Finding]]:
    """The environment if it is usable, and what is to be said of it."""
    from gauzy_mcp.env import EnvironmentInvalid, load_from_process

    try:
        loaded = load_from_process()
    except EnvironmentInvalid as error:
        fix = "correct it where it is set: the process environment, .env.local or .env"
        return None, [failed(_CHECK, problem, fix) for problem in error.problems]
    except ImportError as error:
        return None, [failed(_CHECK, f"needs a package that is missing: {error}", "run make install")]
    places = sorted(set(loaded.sources.values()))
    ours = len([name for name in loaded.sources if hasattr(loaded.environment, name)])
    noun = "variable is" if ours == 1 else "variables are"
    told = f"{ours} {noun} set, all usable" + (f" (from {', '.join(places)})" if ours else "")
    doubts = [warned(_CHECK, warning, "change or remove it, or leave it if it is meant") for warning in loaded.warnings]
    return loaded.environment, doubts or [passed(_CHECK, told)]
