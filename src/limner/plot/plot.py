"""``plot``: drawings to a file for a plotter."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from limner.errors import LimnerError
from limner.files import write_text
from limner.plot.codes import plan_to_codes
from limner.plot.duration import Motion
from limner.plot.layers import PlotPlan
from limner.plot.plan import PlotOptions, plan_page
from limner.plot.profile import Profile, load_profile, profile_of_suffix
from limner.plot.report import plan_as_data
from limner.plot.svg import plan_to_svg
from limner.strokes.drawing import Drawing

if TYPE_CHECKING:
    from typing import Unpack

DATA = (".svg", ".json")
"""Suffixes that need no profile."""


def plot(
    drawings: Sequence[Drawing],
    out: str | Path,
    *,
    profile: str | Path | None = None,
    **options: Unpack[PlotOptions],
) -> Path:
    """Write a page for a plotter, as ``limner plot`` does.

    Parameters
    ----------
    drawings : sequence of Drawing
        At least one; several stand in rows.
    out : str or Path
        ``page.svg`` (millimetres, a layer a pen), ``page.gcode``, ``page.hpgl``, or ``page.json`` (the lines
        and figures as data).
    profile : str or Path, optional
        Of the machine that G-code and HPGL are for: ``servo``, ``grbl-z``, ``hp7475a`` or a TOML file; what
        the suffix stands for unless given.
    **options
        See :class:`limner.plot.plan.PlotOptions`.

    Returns
    -------
    Path
        ``out``.

    Raises
    ------
    LimnerError
        If the suffix or the profile is unknown, the page is too large for the machine, or the file cannot be
        written.
    ValueError
        As :func:`limner.plot.plan.plan_page`.
    """
    machine = machine_for(out, profile)
    write_plan(plan_page(drawings, **options), out, machine)
    return Path(out)


def plot_to_svg(drawings: Sequence[Drawing], **options: Unpack[PlotOptions]) -> str:
    """Return a page for a plotter as an SVG document whose units are millimetres.

    Parameters
    ----------
    drawings : sequence of Drawing
        At least one.
    **options
        See :class:`limner.plot.plan.PlotOptions`.

    Raises
    ------
    ValueError
        As :func:`limner.plot.plan.plan_page`.
    """
    return plan_to_svg(plan_page(drawings, **options))


def machine_for(out: str | Path, profile: str | Path | None = None) -> Profile | None:
    """Return the profile that a file is written by; call it before long work to refuse early.

    Returns
    -------
    Profile, optional
        None for SVG and JSON without a given profile.

    Raises
    ------
    LimnerError
        If the suffix or the profile is unknown.
    """
    suffix = Path(out).suffix.lower()
    if profile is not None:
        return load_profile(profile)
    if suffix in DATA:
        return None
    found = profile_of_suffix(suffix)
    if found is None:
        raise LimnerError(
            f"Cannot write {out}: a page for a plotter is an .svg, .gcode, .hpgl or .json file; "
            "name a profile with --profile for others."
        )
    return found


def motion_of(machine: Profile | None) -> Motion:
    """Return how a machine moves; an AxiDraw's relative where none is given."""
    return Motion() if machine is None else machine.motion


def write_plan(plan: PlotPlan, out: str | Path, machine: Profile | None) -> None:
    """Write a page as the suffix of ``out`` says, whole or not at all.

    Parameters
    ----------
    machine : Profile, optional
        That of :func:`machine_for`.
    """
    suffix = Path(out).suffix.lower()
    if suffix == ".svg":
        text = plan_to_svg(plan)
    elif suffix == ".json":
        text = json.dumps(plan_as_data(plan, motion_of(machine)), ensure_ascii=False) + "\n"
    elif machine is not None:
        text = plan_to_codes(plan, machine)
    else:
        raise LimnerError(f"Cannot write {out}: there is no profile for it.")
    write_text(out, text)
