"""The profile of this laptop: which file it is, what it holds, and its changes, each written whole or not at all."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import platformdirs

from backbeat import settings
from backbeat_host.complaints import Complaint, shown, told
from backbeat_host.errors import InputError, WorkError
from backbeat_host.files import written_whole
from backbeat_host.held import Change, Held, changes
from backbeat_host.profile_edit import HEAD, with_settings
from backbeat_host.profile_text import Looked, look, read

FILE = "profile.toml"
_EXPECTED = "give a profile (.toml)"


def own_folder() -> Path:
    """The user's folder for what Backbeat keeps of their wishes."""
    return platformdirs.user_config_path("backbeat")


def profile(named: Path | None) -> "Profile":
    """Give the profile that was named, else `profile.toml` here, else the one in the user's folder.

    Raises:
        InputError: a board's settings file was named.
    """
    if named is not None and named.suffix.lower() == ".json":
        raise InputError(f"{shown(str(named))}: a board's settings file; {_EXPECTED}, or the board by --board.")
    here = Path(FILE)
    return Profile(named or (here if here.exists() else own_folder() / FILE), named is not None)


class Profile:
    """One profile. It need not be there: then every setting has its default, and the first change begins it."""

    def __init__(self, path: Path, named: bool = True) -> None:
        self.path = path
        self._named = named

    @property
    def where(self) -> str:
        """The file."""
        return shown(str(self.path))

    @property
    def there(self) -> bool:
        """Whether there is such a file."""
        try:
            return self.path.exists()
        except OSError:
            return True  # reading it says what is wrong

    @property
    def parses(self) -> bool:
        """Whether it is TOML, whatever it says.

        Raises:
            InputError: it cannot be read.
        """
        return look(self.text()).parses

    def text(self) -> str:
        """Give its text; that of a profile that is not there is empty.

        Raises:
            InputError: it cannot be read.
        """
        return read(self.path, _EXPECTED) if self.there else ""

    def required(self) -> "Profile":
        """The same, where it is needed.

        Raises:
            InputError: it is not there.
        """
        if not self.there:
            raise InputError(f"{self.where}: no profile is there; `backbeat config set` or `edit` begins one.")
        return self

    def changeable(self) -> "Profile":
        """The same, where it is to be changed: what takes its place must not take that of a device or a pipe.

        Raises:
            InputError: it is no ordinary file.
        """
        try:
            ordinary = self.path.is_file() or self.path.is_dir() or not self.path.exists()
        except OSError:
            ordinary = True  # reading it says what is wrong
        if not ordinary:
            raise InputError(f"{self.where}: a device or a pipe; {_EXPECTED} that is an ordinary file.")
        return self

    def held(self) -> Held:
        """What it gives, with the defaults below.

        Raises:
            InputError: it cannot be read, or was named and is not there.
        """
        if self._named:
            self.required()
        looked = look(self.text())
        return Held(looked.whole(), set(looked.values), self._placed(looked))

    def put(self, wanted: Mapping[str, Any], wrong: Sequence[Complaint] = ()) -> list[Change]:
        """Change these in their lines, or add lines; nothing is written unless the whole is then valid.

        Raises:
            InputError: it is not, or something is `wrong`; every complaint is told.
        """
        text = self.changeable().text()
        before = look(text)
        if not before.parses:
            told([*wrong, *self._placed(before)])
        try:
            changed = with_settings(text or HEAD + "\n", wanted)
        except InputError as error:
            raise InputError(f"{self.where}: {error.message}") from error
        after = look(changed)
        told([*wrong, *self._placed(after)])
        made = changes(before.whole(), after.whole())
        if changed != text and (wanted or self.there):
            self.write(changed, text)
        return made

    def reset(self) -> list[Change]:
        """Give every setting that is in it its default again; lines and comments stay.

        Raises:
            InputError: something else is wrong with it.
        """
        there = look(self.changeable().text()).lines
        return self.put({row.name: row.default for row in settings.TABLE if row.name in there})

    def write(self, text: str, before: str) -> None:
        """Write its whole text, in the place of the one from before.

        Raises:
            WorkError: it has changed meanwhile, or cannot be written.
        """
        if self.text() != before:
            raise WorkError(f"{self.where}: it has changed meanwhile; nothing was written, repeat the command.")
        try:
            place = self.path.resolve()  # a link stays one
        except (OSError, RuntimeError) as error:
            raise WorkError(f"{self.where}: cannot be written ({error}); choose another place.") from error
        with written_whole(place) as beside:
            beside.write_bytes(text.encode())

    def _placed(self, looked: Looked) -> list[Complaint]:
        return [complaint.at(self.where) for complaint in looked.complaints]
