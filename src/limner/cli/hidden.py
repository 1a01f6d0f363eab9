"""Settings that are fields of a dataclass, but no options of the command line."""

from __future__ import annotations

import dataclasses
from collections.abc import Collection
from typing import Annotated

import tyro
from tyro.constructors import ConstructorRegistry, StructConstructorSpec, StructTypeInfo


def hide_fields(registry: ConstructorRegistry, names: Collection[str]) -> ConstructorRegistry:
    """Let tyro neither read nor show some fields; they keep their defaults.

    Parameters
    ----------
    registry : ConstructorRegistry
        Gets the rule, and is returned.
    names : collection of str
        Such as ``model.classes``: the last part is the field, the part before it the field of its dataclass.
    """
    last = {name.rpartition(".")[2] for name in names}
    open_types: list[type] = []  # whose other rules are being asked

    @registry.struct_rule
    def _rule(info: StructTypeInfo) -> StructConstructorSpec | None:
        if info.type in open_types or not dataclasses.is_dataclass(info.type):
            return None
        if not last & {field.name for field in dataclasses.fields(info.type)}:
            return None
        open_types.append(info.type)
        spec = ConstructorRegistry.get_struct_spec(info)
        open_types.pop()
        if not isinstance(spec, StructConstructorSpec):
            return None
        fields = tuple(_fixed(field) if field.name in last else field for field in spec.fields)
        return dataclasses.replace(spec, fields=fields)

    return registry


def _fixed(field: tyro.constructors.StructFieldSpec) -> tyro.constructors.StructFieldSpec:
    hidden = Annotated[field.type, tyro.conf.Fixed, tyro.conf.Suppress]  # type: ignore[name-defined]
    return dataclasses.replace(field, type=hidden)
