"""Start one program so that it dies with the process that asked for it; run as a script, before anything is imported.

``python -I -S lansering.py '{"forelder": 1, "dodssignal": 9, "uid": null, "gid": null, "les_alt": false}' PROGRAM …``

A script rather than ``preexec_fn``: that one may dead-lock in a process with threads, and this one ends in ``exec``,
so it costs some milliseconds and no memory. On other systems than Linux only the change of user is done.
"""

import ctypes
import json
import os
import signal
import sys

PR_SET_PDEATHSIG = 1
PR_SET_KEEPCAPS = 8
PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 47, 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522


def _bytt_bruker(libc: ctypes.CDLL | None, uid: int, gid: int, les_alt: bool) -> None:
    """Become an ordinary user; with `les_alt` keep the one right to pass folders that only root may enter.

    PostgreSQL refuses to run as root, and a checkout under /root is closed to everybody else.
    """
    if les_alt and libc is not None:
        libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    if les_alt and libc is not None:
        hode = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
        bit = 1 << CAP_DAC_OVERRIDE
        data = (ctypes.c_uint32 * 6)(bit, bit, bit, 0, 0, 0)
        if libc.capset(hode, data) or libc.prctl(
            PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0
        ):
            sys.exit("lansering: this system does not let root hand on the right to enter its folders; "
                     "put the checkout where every user may read it")  # fmt: skip


def main() -> None:
    valg = json.loads(sys.argv[1])
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if valg["uid"] is not None:
        _bytt_bruker(libc, valg["uid"], valg["gid"], valg["les_alt"])
    if libc is not None:
        # After the change of user, which clears it.
        libc.prctl(PR_SET_PDEATHSIG, valg["dodssignal"], 0, 0, 0)
    signal.signal(signal.SIGINT, signal.SIG_DFL)  # a shell's background job ignores it, and that is inherited
    if os.getppid() != valg["forelder"]:
        sys.exit("lansering: the process that asked for this one is gone")
    try:
        os.execvp(sys.argv[2], sys.argv[2:])  # noqa: S606
    except OSError as feil:
        sys.exit(f"lansering: cannot run {sys.argv[2]}: {feil.strerror}")


if __name__ == "__main__":
    main()
