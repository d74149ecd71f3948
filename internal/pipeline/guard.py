"""Plays the walls of a code competition's rerun around every Python process that has this file on its path as sitecustomize.py.

Refused, by an audit hook that no Python code can take off: to connect, bind, send or look a name up by a socket, whatever library asks;
to write, remove, rename or make anything under the folder LBPROBE_INPUT, also for root, whom file modes do not stop.
Not refused: what compiled code does behind Python's back, and what other programs do that a process starts. The lbprobe binary of a bundle is
such a program; its verb rerun opens no socket, and that the inputs are as they were is checked afterwards.
"""
import os
import sys

INPUT = os.path.realpath(os.environ["LBPROBE_INPUT"])
NETWORK = {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"}
CHANGES = {"os.remove", "os.rename", "os.mkdir", "os.rmdir", "os.chmod", "os.chown", "os.truncate", "os.link", "os.symlink"}
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def inside(path):
    if not isinstance(path, (str, bytes, os.PathLike)):
        return False
    path = os.path.realpath(os.fsdecode(path))
    return path == INPUT or path.startswith(INPUT + os.sep)


def guard(event, args):
    if event in NETWORK:
        raise OSError(f"{event}: a rerun has no network")
    if event == "open" and isinstance(args[2], int) and args[2] & WRITING and inside(args[0]):
        raise PermissionError(f"{args[0]}: inputs are read-only")
    if event in CHANGES and any(inside(a) for a in args[:2]):
        raise PermissionError(f"{event}: inputs are read-only")


sys.addaudithook(guard)
