#!/usr/bin/python3
"""Starts a program and operates its window through the accessibility bus, as a screen reader and a hand would.

    scripts/in-window tests/window/drive.py PROGRAM [ARGUMENT...] <<'END'
    ["wait", "Connected to"]
    ["fill", "Search topics", "lamp"]
    ["press", "Publish"]
    ["read", "Payload"]
    END

Standard input holds one command a line, a JSON list of a verb and its arguments; standard output answers each
with one line, {"ok": …} or {"error": "what was looked for, and what was there"}. After an error only `screenshot`
and `tree` are still done. At the end of the input the program is ended. Exit status: 0 if every command
succeeded, else 1.

It is used by the window test (tests/window/main.rs), by scripts/demo and by scripts/screenshots. Needs the
Debian packages python3-gi, gir1.2-atspi-2.0, xdotool and imagemagick.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time

import gi

gi.require_version("Atspi", "2.0")
from gi.repository import Atspi  # noqa: E402  (the version must be named first)

PATIENCE_S = 30  # a debug build on a busy machine with software rendering opens its window in a few
FRAME_S = 0.2  # of a moving picture

# The roles that commands may name, and what the versions of the accessibility bus call them.
ROLES = {
    "button": ("push button", "button", "toggle button"),
    "field": ("entry", "text", "password text", "spin button"),
    "choice": ("combo box",),
    "check box": ("check box",),
    "tab": ("page tab",),
    "row": ("tree item", "table row", "list item"),
    "toggle": ("toggle button",),
    "dialog": ("dialog",),
    "entry": ("menu item", "check menu item"),
    "window": ("frame", "window"),
    "alert": ("alert", "notification"),
}


class NotFound(Exception):
    """What was looked for did not appear in time."""


class Window:
    """One running program and the elements that it publishes."""

    def __init__(self, command):
        self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=sys.stderr)

    def elements(self):
        """Every element of the program, depth first, with its depth. Ones that vanish meanwhile are left out."""
        desktop = Atspi.get_desktop(0)
        for index in range(desktop.get_child_count()):
            application = desktop.get_child_at_index(index)
            if application is not None and application.get_process_id() == self.process.pid:
                # The library would keep names and texts as they were when it first saw them.
                application.set_cache_mask(Atspi.Cache.NONE)
                application.clear_cache()
                yield from walk(application, 0)

    def find(self, name, role=None):
        """The element named exactly `name`; else one whose name begins so. Labels come last.

        `role` is a key of ROLES.
        """
        best, best_rank = None, 4
        for element, _ in self.elements():
            own = element.get_name() or ""
            kind = element.get_role_name()
            if not own.startswith(name) or (role and kind not in ROLES[role]):
                continue
            rank = (0 if own == name else 2) + (1 if kind == "label" else 0)
            if rank < best_rank:
                best, best_rank = element, rank
        return best

    def expect(self, name, role=None, seconds=PATIENCE_S):
        element = self.until(seconds, lambda: self.find(name, role))
        if element is None:
            raise NotFound(f"no {role or 'element'} named {name!r} in {seconds} s; there were:\n{self.tree()}")
        return element

    def until(self, seconds, test):
        """The first true answer of `test`, or None after `seconds`; the program's end ends the waiting."""
        end = time.monotonic() + seconds
        while True:
            try:
                answer = test()
            except (gi.repository.GLib.Error, NotFound):
                answer = None  # an element is not there yet, or vanished while it was read
            if answer or time.monotonic() > end:
                return answer
            if self.process.poll() is not None:
                raise NotFound(f"the program ended with status {self.process.returncode}")
            time.sleep(0.05)

    # What a person can do. Each verb of the input is one of these.

    def wait(self, text, seconds=PATIENCE_S):
        """Until some name, description or text contains `text`; answers with the whole of it."""
        found = self.until(seconds, lambda: self.search(text))
        if found is None:
            raise NotFound(f"nothing shows {text!r} after {seconds} s; there were:\n{self.tree()}")
        return found

    def gone(self, text, seconds=PATIENCE_S):
        """Until nothing contains `text`."""
        if not self.until(seconds, lambda: self.search(text) is None):
            raise NotFound(f"{text!r} is still shown after {seconds} s: {self.search(text)!r}")

    def press(self, name, role=None):
        """The first action of the element: a button's click, a row's selection, a check box's change."""

        def act():
            element = self.find(name, role)
            if element is None or "Action" not in element.get_interfaces():
                return None
            Atspi.Action.do_action(element, 0)
            return element

        # An element that was replaced between the look and the action is looked for again.
        element = self.until(PATIENCE_S, act)
        if element is None:
            kind = role or "element"
            raise NotFound(f"no {kind} {name!r} to be pressed in {PATIENCE_S} s; there were:\n{self.tree()}")
        # The program takes actions and keys from different queues: a key that follows must meet the selected row.
        if role == "row" and not self.until(5, lambda: has_state(element, "SELECTED")):
            raise NotFound(f"the row {name!r} is not selected 5 s after it was pressed")

    def click(self, name, role=None):
        """A click of the pointer in the middle of the element."""
        self.point_at(self.expect(name, role))
        xdotool("click", "1")

    def fill(self, name, text):
        """Types `text` into the field, over what it holds."""
        self.point_at(self.expect(name, "field"))
        xdotool("click", "1")
        self.until(PATIENCE_S, lambda: self.is_focused(name))
        xdotool("key", "ctrl+a")
        if text:
            xdotool("type", "--delay", "10", "--", text)
        else:
            xdotool("key", "BackSpace")

        def held():
            return text_of(self.find(name, "field"))

        if not self.until(PATIENCE_S, lambda: held() == text):
            raise NotFound(f"{name!r} holds {held()!r} after {text!r} was typed")

    def read(self, name, role=None):
        """The element's text; its description or its name where it has none, unless it is an empty field."""
        return self.read_until(name, "", role)

    def read_until(self, name, part, role=None, seconds=PATIENCE_S):
        """Reads the element until that contains `part`."""
        last = None

        def read():
            nonlocal last
            element = self.find(name, role)
            if element is not None:
                last = text_of(element)
                if not last and element.get_role_name() not in ROLES["field"]:
                    last = element.get_description() or element.get_name()
            return last is not None and part in last

        if not self.until(seconds, read):
            if last is None:
                raise NotFound(f"no {role or 'element'} named {name!r} in {seconds} s; there were:\n{self.tree()}")
            raise NotFound(f"{name!r} reads {last!r} and not {part!r} after {seconds} s")
        return last

    def at_least(self, least, unit, seconds=PATIENCE_S):
        """Until a count such as `1,234 topics` reaches `least`; answers with the count."""

        last = 0

        def reached():
            nonlocal last
            counts = (re.fullmatch(r"([\d,]+) (.+)", shown) for shown in self.shown())
            last = next((int(count[1].replace(",", "")) for count in counts if count and count[2] == unit), 0)
            return last >= least

        if not self.until(seconds, reached):
            raise NotFound(f"{last} {unit} and not {least} after {seconds} s; there were:\n{self.tree()}")
        return last

    def key(self, *keys):
        """Key presses as xdotool names them: ctrl+f, Return, Down."""
        self.give_keyboard()
        xdotool("key", "--delay", "30", *keys)

    def facts(self, name, role):
        """What a screen reader learns of an element: role, description, attributes, states, tree items around it."""
        element = self.expect(name, role)
        depth, around = 0, element.get_parent()
        while around is not None:
            depth += around.get_role_name() == "tree item"
            around = around.get_parent()
        states = ("FOCUSED", "SELECTED", "MODAL", "PRESSED", "FOCUSABLE")
        return {
            "role": element.get_role_name(),
            "description": element.get_description(),
            "attributes": dict(element.get_attributes()),
            "states": [state.lower() for state in states if has_state(element, state)],
            "depth": depth,
        }

    def titles(self, count):
        """The titles of the program's windows, once there are so many. The accessibility bus has the first alone."""
        titles = []

        def found():
            nonlocal titles
            windows = xdotool("search", "--onlyvisible", "--pid", str(self.process.pid), check=False).split()
            titles = [xdotool("getwindowname", window).rstrip("\n") for window in windows]
            return len(titles) == count

        if not self.until(PATIENCE_S, found):
            raise NotFound(f"{titles} and not {count} windows after {PATIENCE_S} s")
        return titles

    def signal(self, name):
        """Sends a signal, such as TERM, and waits for the end of the program; answers with its status."""
        self.process.send_signal(signal.Signals[f"SIG{name}"])
        try:
            return self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            raise NotFound(f"SIG{name} did not end the program in {PATIENCE_S} s") from None

    def sleep(self, seconds):
        """Lets time pass: for pictures of what grows, never to wait for something."""
        time.sleep(seconds)

    def point(self, x, y):
        """Moves the pointer, in pixels of the window."""
        xdotool("mousemove", "--window", self.window_id(), str(x), str(y))

    def drag(self, name, *places):
        """A drag of the pointer inside of the element: the pixels right of and below its corner where it begins and ends."""
        box = Atspi.Component.get_extents(self.expect(name), Atspi.CoordType.SCREEN)
        from_x, from_y, to_x, to_y = places
        xdotool("mousemove", str(box.x + from_x), str(box.y + from_y))
        self.give_keyboard()
        xdotool("mousedown", "1")
        for step in range(1, 5):  # a window may overlook a jump
            x, y = (start + (end - start) * step // 4 for start, end in ((from_x, to_x), (from_y, to_y)))
            xdotool("mousemove", str(box.x + x), str(box.y + y))
            time.sleep(0.1)
        xdotool("mouseup", "1")

    def resize(self, width, height):
        """Gives the window another size, and waits until the program has drawn it so."""
        xdotool("windowsize", "--sync", self.window_id(), str(width), str(height))

        def is_drawn():
            window = self.find(self.title(), "window")
            if window is None:
                return False
            box = Atspi.Component.get_extents(window, Atspi.CoordType.SCREEN)
            return (box.width, box.height) == (width, height)

        self.until(5, is_drawn)

    def screenshot(self, path):
        """A picture of the window, once it has drawn what came before."""
        time.sleep(0.5)
        subprocess.run(["import", "-window", self.window_id(), path], check=True)

    def frames(self, folder, seconds):
        """Pictures of the window, one after the other for so long, each named NUMBER-SECONDS.png after how long it shows."""
        end = time.monotonic() + seconds
        while (begun := time.monotonic()) < end:
            number = len(os.listdir(folder))
            taken = os.path.join(folder, "frame.png")
            subprocess.run(["import", "-window", self.window_id(), taken], check=True)
            time.sleep(max(0, begun + FRAME_S - time.monotonic()))
            os.rename(taken, os.path.join(folder, f"{number:04}-{time.monotonic() - begun:.3f}.png"))

    def tree(self):
        """Every element as a line: role, name, description, text, states."""
        lines = []
        for element, depth in self.elements():
            try:
                lines.append("  " * depth + describe(element))
            except gi.repository.GLib.Error:
                continue  # it vanished
        return "\n".join(lines)

    def end(self):
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    # The parts of the verbs.

    def shown(self):
        """Every name, description and text."""
        for element, _ in self.elements():
            yield from filter(None, (element.get_name(), element.get_description(), text_of(element)))

    def search(self, text):
        return next((shown for shown in self.shown() if text in shown), None)

    def is_focused(self, name):
        element = self.find(name, "field")
        return element is not None and has_state(element, "FOCUSED")

    def point_at(self, element):
        box = Atspi.Component.get_extents(element, Atspi.CoordType.SCREEN)
        xdotool("mousemove", str(box.x + box.width // 2), str(box.y + box.height // 2))
        self.give_keyboard()

    def give_keyboard(self):
        """Without a window manager nothing gives a window the keyboard."""
        window = self.window_id()
        if xdotool("getwindowfocus", check=False).strip() != window:
            xdotool("windowfocus", "--sync", window)

    def title(self):
        return xdotool("getwindowname", self.window_id()).rstrip("\n")

    def window_id(self):
        search = ("search", "--onlyvisible", "--pid", str(self.process.pid))
        windows = self.until(PATIENCE_S, lambda: xdotool(*search, check=False).split())
        if not windows:
            raise NotFound(f"the program shows no window after {PATIENCE_S} s")
        return windows[-1]


def walk(element, depth):
    yield element, depth
    try:
        children = [element.get_child_at_index(index) for index in range(element.get_child_count())]
    except gi.repository.GLib.Error:
        return  # it vanished
    for child in children:
        if child is not None:
            yield from walk(child, depth + 1)


def text_of(element):
    if element is None or "Text" not in element.get_interfaces():
        return ""
    return Atspi.Text.get_text(element, 0, -1)  # to its end


def has_state(element, name):
    return element.get_state_set().contains(getattr(Atspi.StateType, name))


def describe(element):
    shown = [element.get_role_name(), repr(element.get_name() or "")]
    if element.get_description():
        shown.append(f"({element.get_description()})")
    text = text_of(element)
    if text and text != element.get_name():
        shown.append(f"text={text[:200]!r}")
    states = ("FOCUSED", "SELECTED", "CHECKED", "EXPANDED", "EXPANDABLE")
    shown += [state.lower() for state in states if has_state(element, state)]
    return " ".join(shown)


def xdotool(*words, check=True):
    return subprocess.run(["xdotool", *words], check=check, capture_output=True, text=True).stdout


VERBS = {
    verb.__name__: verb
    for verb in (
        Window.wait,
        Window.gone,
        Window.press,
        Window.click,
        Window.fill,
        Window.read,
        Window.read_until,
        Window.at_least,
        Window.key,
        Window.sleep,
        Window.point,
        Window.drag,
        Window.resize,
        Window.screenshot,
        Window.frames,
        Window.tree,
        Window.signal,
        Window.titles,
        Window.facts,
    )
}


def main(command):
    if not command:
        sys.exit(__doc__)
    window = Window(command)
    failed = False
    try:
        for line in sys.stdin:
            if not line.strip():
                continue
            try:
                verb, *arguments = json.loads(line)
                if failed and verb not in ("screenshot", "tree"):
                    raise NotFound("not tried, since an earlier command failed")
                answer = {"ok": VERBS[verb](window, *arguments)}
            except (KeyError, TypeError, ValueError) as error:
                failed = True
                answer = {"error": f"{line.strip()} is no command: {error!r}"}
            except (NotFound, subprocess.CalledProcessError, gi.repository.GLib.Error) as error:
                failed = True
                answer = {"error": f"{verb} {arguments}: {error}"}
            print(json.dumps(answer, ensure_ascii=False), flush=True)
    finally:
        window.end()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
