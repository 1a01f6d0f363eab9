"""Reading SVG text into a tree of elements, with nothing in it that reaches out or swells."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree.ElementTree import TreeBuilder
from xml.parsers import expat

from limner.errors import DataError

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

SVG = "http://www.w3.org/2000/svg"
LONGEST_ENTITY = 1000  # Adobe Illustrator's are short addresses


def parse_document(text: str | bytes, name: str) -> Element:
    """Parse an SVG document; its own namespace is taken off the tags, others stand as ``uri}tag``.

    Entities that the document declares itself are put in where they are short and plain, as Adobe Illustrator
    uses them for namespaces. Those that lie outside, or hold other entities, are refused. A public DTD is
    named, not fetched, and the values it would set by default are not filled in.

    Parameters
    ----------
    text : str or bytes
    name : str
        What the messages call the document.

    Raises
    ------
    DataError
        If the text is not well-formed XML, is not SVG, or declares such entities.
    """
    parser = expat.ParserCreate("utf-8" if isinstance(text, str) else None, namespace_separator="}")
    builder = TreeBuilder()
    parser.buffer_text = parser.specified_attributes = True
    parser.StartElementHandler = lambda tag, attributes: builder.start(_local(tag), attributes)
    parser.EndElementHandler = lambda tag: builder.end(_local(tag))
    parser.CharacterDataHandler = builder.data

    def refuse_unsafe(entity: str, is_parameter: bool, value: str | None, *_: object) -> None:
        if value is None:
            raise DataError(
                f"{name} names something outside itself (the entity {entity}), which is not read."
            )
        if not is_parameter and ("&" in value or len(value) > LONGEST_ENTITY):
            raise DataError(f"{name} declares an entity ({entity}) that swells when it is put in.")

    parser.EntityDeclHandler = refuse_unsafe
    try:
        parser.Parse(text, True)
    except DataError:
        raise
    except (expat.ExpatError, ValueError, LookupError) as error:  # the latter two: unknown encodings
        raise DataError(f"{name} is damaged or no SVG: {error}.") from error
    root = builder.close()
    if root.tag != "svg":
        raise DataError(f"{name} is XML, but not SVG: it begins with <{root.tag.rpartition('}')[2]}>.")
    return root


def _local(tag: str) -> str:
    return tag.removeprefix(f"{SVG}}}")
