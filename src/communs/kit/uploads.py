"""Files and folders that people hand in."""

from __future__ import annotations

from typing import Any

from django import forms


class FilesWidget(forms.FileInput):
    """Several files, or with `is_folder` all files of a folder."""

    allow_multiple_selected = True

    def __init__(self, *, is_folder: bool = False) -> None:
        super().__init__(attrs={"multiple": True, **({"webkitdirectory": True} if is_folder else {})})


class FilesField(forms.FileField):
    """A list of uploaded files, empty when none was chosen."""

    def __init__(self, *, is_folder: bool = False, **kwargs: Any) -> None:
        super().__init__(widget=FilesWidget(is_folder=is_folder), **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        chosen = data if isinstance(data, list | tuple) else [data] if data else []
        if self.required and not chosen:
            raise forms.ValidationError(self.error_messages["required"], code="required")
        return [super(FilesField, self).clean(one, initial) for one in chosen]
