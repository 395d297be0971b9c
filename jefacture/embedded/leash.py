"""`python -m jefacture.embedded.leash MODULE …`: run a module whose forks cannot outlive it.

Celery's pool and granian's workers are forks of a master. When the master is killed by SIGKILL they would go on,
holding the port or a task. The kernel clears a death signal at fork, so each fork sets it again.
"""

import os
import runpy
import signal
import sys

from jefacture.embedded.processes import die_with_parent


def main() -> None:
    arm = [die_with_parent(signal.SIGKILL)]

    def arm_and_prepare_own_forks() -> None:
        arm[0]()
        arm[0] = die_with_parent(signal.SIGKILL)

    os.register_at_fork(after_in_child=arm_and_prepare_own_forks)
    sys.argv = sys.argv[1:]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
