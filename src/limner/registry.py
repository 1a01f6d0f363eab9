"""``Registry``: a table of things by name: those that are built in, and those that other packages add.

Another package adds an entry by an entry point of the table's group, in its ``pyproject.toml``:

    [project.entry-points."limner.formats"]
    hpgl = "my_package.hpgl:FORMAT"

Such packages are not imported before the table is asked for a name that is not built in, or is listed with
everything that it holds.
"""

from __future__ import annotations

import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Generic, TypeVar

from limner.errors import LimnerError, cause_of
from limner.settings import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from importlib.metadata import EntryPoint

T = TypeVar("T")


class Registry(Generic[T]):
    """Things of one kind by name: built-in ones first, in their order, then those of other packages by name.

    Parameters
    ----------
    group : str
        Group of the entry points, such as ``limner.formats``.
    noun : str
        What one entry is, for sentences: ``format``.
    built_in : mapping of str to an entry, or to where it is
        ``"module:attribute"`` stands for an entry that is imported when it is asked for.
    accepts : function
        Whether an object is an entry of this table; objects of other packages are checked by it.
    """

    def __init__(
        self, group: str, noun: str, built_in: Mapping[str, T | str], accepts: Callable[[object], bool]
    ) -> None:
        self.group, self.noun = group, noun
        self._built_in = dict(built_in)
        self._accepts = accepts
        self._loaded: dict[str, T] = {}
        self._points: dict[str, EntryPoint] | None = None

    def __getitem__(self, name: str) -> T:
        """Return the entry ``name``.

        Raises
        ------
        LimnerError
            If there is none, naming the nearest one, or if the package that adds it cannot be used.
        """
        if name in self._loaded:
            return self._loaded[name]
        if name not in self._built_in and name not in self._entry_points():
            raise LimnerError(f"there is no {self.noun} {name!r}; {did_you_mean(name, self)}")
        self._loaded[name] = entry = self._load(name)
        return entry

    def __contains__(self, name: object) -> bool:
        """Return whether there is an entry ``name``; nothing is imported."""
        return name in self._built_in or name in self._entry_points()

    def __iter__(self) -> Iterator[str]:
        """Iterate over all names; nothing is imported."""
        yield from self._built_in
        yield from sorted(self._entry_points())

    def __len__(self) -> int:
        """Return the number of entries."""
        return len(self._built_in) + len(self._entry_points())

    def built_in(self) -> Iterator[tuple[str, T]]:
        """Iterate over the names and entries that come with limner."""
        for name in self._built_in:
            yield name, self[name]

    def items(self) -> Iterator[tuple[str, T]]:
        """Iterate over all names and entries; an entry that cannot be used is left out with a warning."""
        yield from self.built_in()
        for name in sorted(self._entry_points()):
            try:
                entry = self[name]
            except LimnerError as error:
                warnings.warn(str(error), stacklevel=2)
            else:
                yield name, entry

    def _entry_points(self) -> Mapping[str, EntryPoint]:
        """Return the entry points of other packages by name; those under a built-in name are left out."""
        if self._points is None:
            from importlib.metadata import entry_points

            found = entry_points(group=self.group)
            self._points = {point.name: point for point in found if point.name not in self._built_in}
        return self._points

    def _load(self, name: str) -> T:
        entry = self._built_in.get(name)
        if isinstance(entry, str):
            module, _, attribute = entry.partition(":")
            loaded: T = getattr(import_module(module), attribute)
            return loaded
        return self._load_point(self._entry_points()[name]) if entry is None else entry

    def _load_point(self, point: EntryPoint) -> T:
        package = point.dist.name if point.dist else point.module
        try:
            loaded = point.load()
        except Exception as error:  # whatever a stranger's module raises
            cause = cause_of(error) or type(error).__name__
            raise LimnerError(
                f"{package} adds the {self.noun} {point.name}, which cannot be imported: {cause}; "
                f"update {package} or uninstall it."
            ) from error
        if not self._accepts(loaded):
            raise LimnerError(
                f"{package} adds {point.value} to {self.group}, which is no {self.noun}; "
                f"update {package} or uninstall it."
            )
        result: T = loaded
        return result
