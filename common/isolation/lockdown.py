"""What a child gives up before it opens a file that a stranger wrote.

Everything here works for an ordinary user and cannot be undone by the process that asked for it.
"""

import ctypes
import os
import platform
import resource
import signal
import sys
from typing import Any, Final

PR_SET_PDEATHSIG: Final = 1
PR_SET_SECCOMP: Final = 22
PR_SET_NO_NEW_PRIVS: Final = 38
SECCOMP_MODE_FILTER: Final = 2
SECCOMP_RET_ALLOW: Final = 0x7FFF0000
SECCOMP_RET_EACCES: Final = 0x00050000 | 13
AUDIT_ARCH_X86_64: Final = 0xC000003E
X32_SYSCALL_BIT: Final = 0x40000000

# Numbers of the x86-64 system calls that a parser has no use for: every way to the network (io_uring included, which
# reaches it without the others), starting another program, and touching another process.
REFUSED_SYSCALLS: Final = {
    "socket": 41,
    "connect": 42,
    "bind": 49,
    "listen": 50,
    "execve": 59,
    "kill": 62,
    "ptrace": 101,
    "process_vm_readv": 310,
    "process_vm_writev": 311,
    "execveat": 322,
    "io_uring_setup": 425,
}
REFUSED_EVENTS: Final = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "os.kill")

MAX_OPEN_FILES: Final = 128
MAX_WRITTEN_BYTES: Final = 256 * 1024 * 1024


class _Instruction(ctypes.Structure):
    _fields_ = [("code", ctypes.c_uint16), ("jt", ctypes.c_uint8), ("jf", ctypes.c_uint8), ("k", ctypes.c_uint32)]


class _Program(ctypes.Structure):
    _fields_ = [("len", ctypes.c_uint16), ("filter", ctypes.POINTER(_Instruction))]


def end_with_parent(parent_pid: int) -> None:
    """Ends this process as soon as the thread that started it is gone.

    The parent may already be gone by the time the kernel is asked, hence the second look.
    """
    _prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent_pid:
        os._exit(0)


def set_limits(memory_bytes: int) -> None:
    """RLIMIT_DATA, not RLIMIT_AS: saxonche reserves some 33 GB of address space that it never touches."""
    resource.setrlimit(resource.RLIMIT_DATA, (memory_bytes, memory_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _lower(resource.RLIMIT_NOFILE, MAX_OPEN_FILES)
    _lower(resource.RLIMIT_FSIZE, MAX_WRITTEN_BYTES)


def allow_cpu(seconds: int) -> None:
    """Allows so many more seconds of processor time from now; SIGXCPU ends the process beyond."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    ceiling = int(used.ru_utime + used.ru_stime) + 1 + seconds
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (ceiling, hard))


def shut_network() -> str:
    """Takes sockets and new programs away; says by which means: "seccomp" (kernel) or "audit" (interpreter only)."""
    if platform.machine() == "x86_64" and _install_filter():
        return "seccomp"
    sys.addaudithook(_refuse_event)
    return "audit"


def _lower(which: int, value: int) -> None:
    _, hard = resource.getrlimit(which)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(which, (value, value))


def _prctl(option: int, *arguments: Any) -> int:
    padded = [*arguments, *[0] * (4 - len(arguments))]
    wide = [ctypes.c_ulong(a) if isinstance(a, int) else a for a in padded]
    return int(ctypes.CDLL(None, use_errno=True).prctl(option, *wide))


def _install_filter() -> bool:
    program = _program()
    code = (_Instruction * len(program))(*program)
    holder = _Program(len(program), code)
    if _prctl(PR_SET_NO_NEW_PRIVS, 1) != 0:
        return False
    return _prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(holder)) == 0


def _program() -> list[_Instruction]:
    """A classic BPF program: refuse the listed calls and any foreign calling convention, allow the rest."""
    load_word, jump_equal, jump_greater_equal, give_back = 0x20, 0x15, 0x35, 0x06
    numbers = sorted(REFUSED_SYSCALLS.values())
    last = len(numbers) + 1
    body = [_Instruction(jump_equal, len(numbers) - at, 0, number) for at, number in enumerate(numbers)]
    return [
        _Instruction(load_word, 0, 0, 4),
        _Instruction(jump_equal, 0, last + 2, AUDIT_ARCH_X86_64),
        _Instruction(load_word, 0, 0, 0),
        _Instruction(jump_greater_equal, last, 0, X32_SYSCALL_BIT),
        *body,
        _Instruction(give_back, 0, 0, SECCOMP_RET_ALLOW),
        _Instruction(give_back, 0, 0, SECCOMP_RET_EACCES),
    ]


def _refuse_event(event: str, _arguments: tuple[Any, ...]) -> None:
    if event.startswith(REFUSED_EVENTS):
        raise PermissionError(f"{event} is not allowed here")
