#!/usr/bin/python3
"""The desktop's notification service. Prints the title and the text of each
notification as a line of JSON, and a first line once the service is ready.
"""

import json

from gi.repository import Gio, GLib

METHODS = """<node><interface name="org.freedesktop.Notifications"><method name="Notify">
    <arg type="s"/><arg type="u"/><arg type="s"/><arg type="s"/><arg type="s"/>
    <arg type="as"/><arg type="a{sv}"/><arg type="i"/><arg type="u" direction="out"/>
</method></interface></node>"""


def say(line):
    print(json.dumps(line), flush=True)


def asked(_connection, _sender, _path, _interface, _method, arguments, invocation):
    _program, _replaces, _icon, title, text, *_rest = arguments.unpack()
    say({"title": title, "text": text})
    invocation.return_value(GLib.Variant("(u)", (1,)))


bus = Gio.bus_get_sync(Gio.BusType.SESSION)
service = Gio.DBusNodeInfo.new_for_xml(METHODS).interfaces[0]
bus.register_object("/org/freedesktop/Notifications", service, asked, None, None)
Gio.bus_own_name_on_connection(
    bus, "org.freedesktop.Notifications", Gio.BusNameOwnerFlags.NONE, lambda *_: say("there"), None
)
GLib.MainLoop().run()
