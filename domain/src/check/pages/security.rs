use super::{Chapter, Page};
use crate::finding::Severity::{Hint, Warning};

pub const CHAPTER: Chapter = Chapter {
    title: "Security",
    pages: &[
        Page {
            code: "engine-socket",
            severity: Warning,
            what: "A service gets the socket of the container engine: as a mount, through a folder above it such as `/run`, or with \
                   `use_api_socket`. Images that are made to work with the engine have the code `engine-socket-of-tool`.",
            why: "Through the socket, a program can start a container that mounts the whole host. An attacker who takes over this service \
                  is root on the host. A read-only mount changes nothing: it protects the file of the socket, not what is sent \
                  through it.",
            how: "Remove the mount. If the program needs to know about containers, give it a socket proxy that allows only these \
                  requests.",
            fix: "",
            wrong: "services:\n  app:\n    image: example/app:1.4\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock:ro\n",
            right: "services:\n  app:\n    image: example/app:1.4\n",
        },
        Page {
            code: "engine-socket-of-tool",
            severity: Hint,
            what: "A service whose image is made to work with the container engine gets its socket, for example Traefik, Portainer \
                   or Watchtower.",
            why: "The program needs the socket, and it is as powerful as root on the host. A flaw in it, or a password that \
                  someone guesses, opens the whole host.",
            how: "Keep the program up to date and its ports private. A socket proxy in between can allow reading only.",
            fix: "",
            wrong: "services:\n  proxy:\n    image: traefik:v3.6\n    volumes:\n      - /var/run/docker.sock:/var/run/docker.sock:ro\n",
            right: "services:\n  proxy:\n    image: traefik:v3.6\n    command: --providers.docker.endpoint=tcp://socket-proxy:2375\n",
        },
        Page {
            code: "privileged",
            severity: Warning,
            what: "A service, or a command that the engine runs in it (`post_start`, `pre_stop`), has `privileged: true`.",
            why: "Such a container has every right of root on the host, and its devices, disks included. Leaving it takes one \
                  command.",
            how: "Remove the key. If a device is missing, name it in `devices`; if a right is missing, name it in `cap_add`.",
            fix: "Removes the key.",
            wrong: "services:\n  app:\n    image: example/app:1.4\n    privileged: true\n",
            right: "services:\n  app:\n    image: example/app:1.4\n    devices:\n      - /dev/ttyUSB0\n",
        },
        Page {
            code: "dangerous-capability",
            severity: Warning,
            what: "`cap_add` gives a capability with which a program can leave its container or stop the host: `ALL`, `SYS_ADMIN`, \
                   `SYS_MODULE`, `SYS_RAWIO`, `SYS_BOOT`, `DAC_READ_SEARCH`, `BPF`, `MAC_ADMIN`, `MAC_OVERRIDE`, and `SYS_PTRACE` \
                   together with `pid: host`.",
            why: "The container is no longer a boundary: an attacker who takes over the program controls the host.",
            how: "Remove it, and add only the smaller capabilities that the program's documentation names.",
            fix: "",
            wrong: "services:\n  app:\n    image: example/app:1.4\n    cap_add:\n      - SYS_ADMIN\n",
            right: "services:\n  app:\n    image: example/app:1.4\n    cap_add:\n      - NET_BIND_SERVICE\n",
        },
        Page {
            code: "wide-capability",
            severity: Hint,
            what: "`cap_add` gives a capability that allows much more than most programs use it for, such as `NET_ADMIN` or \
                   `SYS_PTRACE`.",
            why: "VPN servers, firewalls and debuggers need them. In other services they only help an attacker.",
            how: "Remove it and see whether the program still works.",
            fix: "",
            wrong: "services:\n  app:\n    image: example/app:1.4\n    cap_add:\n      - NET_ADMIN\n",
            right: "services:\n  app:\n    image: example/app:1.4\n",
        },
        Page {
            code: "new-privileges",
            severity: Hint,
            what: "`security_opt` doesn't say whether programs may gain rights that they did not start with.",
            why: "Images contain programs such as `sudo` and `su` that turn any user into root. With `no-new-privileges:true`, an \
                  attacker who controls an ordinary user in the container stays that user.",
            how: "Add the option. If the program needs `sudo`, write `no-new-privileges:false`, so that readers know.",
            fix: "Adds `no-new-privileges:true`.",
            wrong: "services:\n  app:\n    image: example/app:1.4\n",
            right: "services:\n  app:\n    image: example/app:1.4\n    security_opt:\n      - no-new-privileges:true\n",
        },
        Page {
            code: "unconfined",
            severity: Warning,
            what: "`security_opt` switches a protection off: seccomp, AppArmor, SELinux, or the hidden parts of `/proc` and `/sys`.",
            why: "These protections stop most known ways out of a container. Without them, one flaw in the kernel is enough.",
            how: "Remove the line. If the program then fails, write a profile that allows the one thing that it needs.",
            fix: "Removes the option.",
            wrong: "services:\n  app:\n    image: example/app:1.4\n    security_opt:\n      - seccomp:unconfined\n",
            right: "services:\n  app:\n    image: example/app:1.4\n    security_opt:\n      - seccomp:./profile.json\n",
        },
        Page {
            code: "host-namespace",
            severity: Warning,
            what: "A service shares the processes, the shared memory, the users, the control groups or the name of the host: \
                   `pid`, `ipc`, `userns_mode`, `cgroup` or `uts` is `host`.",
            why: "The service sees, and often changes, what belongs to the host and to other containers. With `pid: host`, it can \
                  read the secrets in the environment of every process.",
            how: "Remove the line. To share something between two services, write `service:NAME`.",
            fix: "",
            wrong: "services:\n  app:\n    image: example/app:1.4\n    pid: host\n",
            right: "services:\n  app:\n    image: example/app:1.4\n    pid: service:worker\n  worker:\n    image: example/worker:1.4\n",
        },
        Page {
            code: "host-network",
            severity: Hint,
            what: "A service uses the network of the host: `network_mode: host`.",
            why: "Each port that the program opens is open on the host. The program also reaches everything that listens on \
                  `localhost` there, which often has no password.",
            how: "Publish the ports that are needed. Only programs that find devices in the local network need the host's network.",
            fix: "",
            wrong: "services:\n  app:\n    image: example/app:1.4\n    network_mode: host\n",
            right: "services:\n  app:\n    image: example/app:1.4\n    ports:\n      - \"8080:8080\"\n",
        },
        Page {
            code: "sensitive-mount",
            severity: Warning,
            what: "A folder or file of the host is mounted that decides who controls the host, or that holds its keys: `/`, `/etc`, \
                   `/root`, `/usr`, `~/.ssh` and others. For a read-only view of `/proc`, `/sys` and the like it is a hint.",
            why: "An attacker who takes over the service can add a user, replace a program or read a key, and so controls the host.",
            how: "Mount only the files that the program needs, with `:ro`. The time zone, `/etc/localtime:/etc/localtime:ro`, is fine.",
            fix: "",
            wrong: "services:\n  app:\n    image: example/app:1.4\n    volumes:\n      - /etc:/host/etc\n",
            right: "services:\n  app:\n    image: example/app:1.4\n    volumes:\n      - /etc/localtime:/etc/localtime:ro\n",
        },
        Page {
            code: "admin-port-published",
            severity: Warning,
            what: "The port of a database, a cache or the container engine is published on all addresses of the host.",
            why: "Programs that search the internet find such a port within hours and try every known password and flaw. The rules \
                  of a firewall on the host often don't count, because the engine passes published ports on before them.",
            how: "Remove the port: services of the same stack reach the database by its name. To reach it from the host, publish \
                  it on `127.0.0.1`; from elsewhere, use an SSH tunnel or a VPN.",
            fix: "Publishes the port on `127.0.0.1`.",
            wrong: "services:\n  db:\n    image: mariadb:11.4\n    environment:\n      MARIADB_ROOT_PASSWORD: ${DB_PASSWORD}\n    ports:\n      - \"3306:3306\"\n",
            right: "services:\n  db:\n    image: mariadb:11.4\n    environment:\n      MARIADB_ROOT_PASSWORD: ${DB_PASSWORD}\n    ports:\n      - \"127.0.0.1:3306:3306\"\n",
        },
        Page {
            code: "weak-password",
            severity: Warning,
            what: "A password, token or key is a well-known one, a placeholder, or the same as the user name. Defaults of variables count, too.",
            why: "Attackers try these values first, and they find them in the documentation of the image.",
            how: "Write a variable without a default, such as `${DB_PASSWORD}` or `${DB_PASSWORD:?}`, and put a long random value \
                  in `.env`.",
            fix: "",
            wrong: "services:\n  app:\n    image: example/app:1.4\n    environment:\n      ADMIN_PASSWORD: ${ADMIN_PASSWORD:-changeme}\n",
            right: "services:\n  app:\n    image: example/app:1.4\n    environment:\n      ADMIN_PASSWORD: ${ADMIN_PASSWORD:?}\n",
        },
        Page {
            code: "password-not-required",
            severity: Hint,
            what: "A database is told to let everybody in without a password.",
            why: "Every container that shares a network with it can read and delete its data.",
            how: "Set a password.",
            fix: "",
            wrong: "services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_HOST_AUTH_METHOD: trust\n",
            right: "services:\n  db:\n    image: postgres:17\n    environment:\n      POSTGRES_PASSWORD: ${DB_PASSWORD:?}\n",
        },
    ],
};
