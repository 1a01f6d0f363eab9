"""SVG text to a tree of elements, safely: no entity is fetched or expands without bound."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any
from xml.etree.ElementTree import TreeBuilder
from xml.parsers import expat
from xml.parsers.expat.errors import XML_ERROR_UNBOUND_PREFIX, codes

from limner.errors import DataError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
LONGEST_ENTITY = 1000
"""Characters of an entity that is put in; those of Adobe Illustrator are short addresses."""
MAX_BYTES = 1 << 28
"""Size of a document, unpacked."""
MAX_ELEMENTS = 250_000
"""Elements of a document; their tree takes some 200 MB."""
MAX_DEPTH = 50_000
"""Elements that may lie within each other."""
GZIP = b"\x1f\x8b"
"""The first bytes of a file that gzip has packed."""


def parse_document(text: str | bytes, name: str) -> Element:
    """Parse an SVG document; tags of SVG lose their namespace, others are written ``{uri}tag``.

    Entities that the document declares itself are put in where they are short and plain, as Adobe Illustrator
    uses them for namespaces. External entities, and those that hold others, are refused. A DTD is not
    fetched, and the values it would set by default are not filled in.

    Parameters
    ----------
    text : str or bytes
        Bytes may be packed with gzip, as those of ``.svgz`` files are.
    name : str
        Name of the document in error messages.

    Raises
    ------
    DataError
        If the text is not well-formed XML, is not SVG, declares such entities, or is larger than 256 MB, a
        quarter of a million elements or 50,000 elements deep.
    """
    text = _unpacked(text, name)
    if len(text) > MAX_BYTES:
        raise DataError(f"{name} is too large: an SVG may have {MAX_BYTES >> 20} MB.")
    text = text.lstrip()
    try:
        root = _parsed(text, name)
    except expat.ExpatError as error:
        raise DataError(f"{name} is damaged or no SVG: {error}.") from error
    if root.tag != "svg":
        raise DataError(f"{name} is XML, but not SVG: it begins with <{root.tag.rpartition('}')[2]}>.")
    return root


def _parsed(text: str | bytes, name: str) -> Element:
    """Parse with namespaces; without, if a prefix is not declared, so that the drawing is not lost."""
    try:
        return _Parser(name, "}").parse(text)
    except expat.ExpatError as error:
        if error.code != codes[XML_ERROR_UNBOUND_PREFIX]:
            raise
    return _Parser(name, None).parse(text)


def _unpacked(text: str | bytes, name: str) -> str | bytes:
    """Decompress a gzip file, up to one byte more than a document may have."""
    if isinstance(text, str) or not text.startswith(GZIP):
        return text
    inflator = zlib.decompressobj(wbits=31)
    try:
        data = inflator.decompress(text, MAX_BYTES + 1)
    except zlib.error as error:
        raise DataError(f"{name} is damaged: it cannot be inflated.") from error
    if not inflator.eof and len(data) <= MAX_BYTES:
        raise DataError(f"{name} is damaged: it ends too early.")
    return data


class _Parser:
    """Builds a tree of elements from the events of expat.

    Parameters
    ----------
    name : str
        Name of the document in error messages.
    separator : str, optional
        Put between namespaces and names; None keeps prefixes without resolving them.
    """

    def __init__(self, name: str, separator: str | None) -> None:
        self.name, self._separator = name, separator
        self._builder = TreeBuilder()
        self._depth = self._elements = 0

    def parse(self, text: str | bytes) -> Element:
        """Parse a document; return its root."""
        parser = expat.ParserCreate("utf-8" if isinstance(text, str) else None, self._separator)
        parser.buffer_text = parser.specified_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._builder.data
        parser.EntityDeclHandler = self._declare
        try:
            parser.Parse(text, True)
        except DataError:
            raise
        except (ValueError, LookupError) as error:  # of encodings that are not known
            raise DataError(f"{self.name} is damaged or no SVG: {error}.") from error
        return self._builder.close()

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        self._elements += 1
        if self._depth > MAX_DEPTH:
            raise DataError(f"{self.name} nests elements more than {MAX_DEPTH:,} deep.")
        if self._elements > MAX_ELEMENTS:
            raise DataError(f"{self.name} has more than {MAX_ELEMENTS:,} elements.")
        named = {self._qualified(key): value for key, value in attributes.items()}
        self._builder.start(self._qualified(tag), named)

    def _end(self, tag: str) -> None:
        self._depth -= 1
        self._builder.end(self._qualified(tag))

    def _qualified(self, name: str) -> str:
        """Return a name as ElementTree writes it, without the namespace of SVG."""
        if self._separator is None:
            prefix, colon, local = name.rpartition(":")
            space = {"xlink": XLINK, "svg": SVG}.get(prefix, prefix)
            name = f"{space}}}{local}" if colon else name
        if "}" not in name:
            return name
        return name[len(SVG) + 1 :] if name.startswith(f"{SVG}}}") else f"{{{name}"

    def _declare(self, entity: str, is_parameter: bool, value: str | None, *_: Any) -> None:
        """Refuse entities that are external or expand."""
        if value is None:
            raise DataError(
                f"{self.name} names something outside itself (the entity {entity}), which is not read."
            )
        if not is_parameter and ("&" in value or len(value) > LONGEST_ENTITY):
            raise DataError(f"{self.name} declares an entity ({entity}) that swells when it is put in.")
