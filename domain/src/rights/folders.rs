//! Folders and files of the host that decide who controls it, or that hold its secrets.

use super::{is_within, normal};

/// The time zone of the host. Many images are documented with this read-only mount, and it is not secret.
const HARMLESS: &[&str] = &["/etc/localtime", "/etc/timezone"];

/// Whether nothing is lost if a container reads this file of the host.
pub fn is_harmless(path: &str) -> bool {
    HARMLESS.contains(&path)
}

/// What a container gains from a mount of the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposure {
    /// A program that writes there, or reads the secrets there, controls the host.
    Control(&'static str),
    /// A read-only view of the host, which reveals much about it.
    View(&'static str),
}

enum Reach {
    /// The folder itself; what is below it is a separate matter.
    Itself,
    /// The folder and everything below it.
    Below,
}

/// Whether reading is as good as writing, because secrets are there.
enum Content {
    Secrets,
    Other,
}

use {
    Content::{Other, Secrets},
    Reach::{Below, Itself},
};

const FOLDERS: &[(&str, Reach, Content, &str)] = &[
    ("/", Itself, Secrets, "all files of the host"),
    ("/bin", Itself, Other, "the programs of the host"),
    ("/boot", Below, Other, "the kernel of the host"),
    ("/dev", Itself, Secrets, "all devices of the host, with its disks"),
    ("/dev/kmem", Itself, Secrets, "the memory of the host"),
    ("/dev/mem", Itself, Secrets, "the memory of the host"),
    ("/etc", Itself, Secrets, "the settings and the password hashes of the host"),
    ("/etc/cron.d", Below, Other, "the scheduled commands of the host"),
    ("/etc/crontab", Below, Other, "the scheduled commands of the host"),
    ("/etc/docker", Itself, Other, "the settings of the container engine"),
    ("/etc/group", Itself, Other, "the groups of the host"),
    ("/etc/ld.so.preload", Itself, Other, "what each program of the host loads"),
    ("/etc/pam.d", Below, Other, "how people sign in to the host"),
    ("/etc/passwd", Itself, Other, "the user accounts of the host"),
    ("/etc/shadow", Itself, Secrets, "the password hashes of the host"),
    ("/etc/ssh", Below, Secrets, "the keys of the host"),
    ("/etc/sudoers", Below, Other, "who may become root on the host"),
    ("/etc/sudoers.d", Below, Other, "who may become root on the host"),
    ("/etc/systemd", Below, Other, "the services of the host"),
    ("/home", Itself, Secrets, "the home folders of all users"),
    ("/lib", Itself, Other, "the libraries of the host"),
    ("/lib64", Itself, Other, "the libraries of the host"),
    ("/proc", Below, Other, "the processes and the kernel settings of the host"),
    ("/root", Itself, Secrets, "the home folder of root"),
    ("/sbin", Itself, Other, "the programs of the host"),
    ("/sys", Below, Other, "the devices and the kernel settings of the host"),
    ("/usr", Itself, Other, "the programs of the host"),
    ("/usr/bin", Itself, Other, "the programs of the host"),
    ("/usr/lib", Itself, Other, "the libraries of the host"),
    ("/usr/local", Itself, Other, "the programs of the host"),
    ("/usr/local/bin", Itself, Other, "the programs of the host"),
    ("/usr/sbin", Itself, Other, "the programs of the host"),
    ("/var", Itself, Secrets, "the data of all services and containers of the host"),
    ("/var/lib", Itself, Secrets, "the data of all services and containers of the host"),
    ("/var/lib/containerd", Below, Other, "the files of all containers"),
    ("/var/lib/containers", Below, Other, "the files of all containers"),
    ("/var/lib/docker", Below, Other, "the files of all containers"),
    ("/var/lib/kubelet", Below, Other, "the files of all containers"),
];

/// Where people keep their keys, below any home folder.
const OF_HOME: &[(&str, &str)] = &[
    (".aws", "the access keys of a user"),
    (".azure", "the access keys of a user"),
    (".config/gcloud", "the access keys of a user"),
    (".docker", "the logins of a user at image registries"),
    (".gnupg", "the private keys of a user"),
    (".kube", "the access keys of a user"),
    (".ssh", "the private keys of a user"),
];

/// What the mount of a path reveals, if that matters. The path is as written in a file, with variables replaced by their defaults;
/// `~` is the home folder.
pub fn exposure(path: &str, read_only: bool) -> Option<Exposure> {
    let path = normal(path).unwrap_or_else(|| path.to_owned());
    let (what, secrets) = match in_home(&path) {
        Some(inside) => of_home(inside)?,
        None => of_host(&path, read_only)?,
    };
    Some(if secrets || !read_only { Exposure::Control(what) } else { Exposure::View(what) })
}

/// The path below a home folder: `""` for the folder itself.
fn in_home(path: &str) -> Option<&str> {
    let rest = ["~", "/root"].iter().find_map(|home| path.strip_prefix(home));
    let rest = rest.or_else(|| {
        let user = path.strip_prefix("/home/")?;
        Some(user.find('/').and_then(|at| user.get(at..)).unwrap_or_default())
    })?;
    (rest.is_empty() || rest.starts_with('/')).then(|| rest.trim_matches('/'))
}

fn of_home(inside: &str) -> Option<(&'static str, bool)> {
    if inside.is_empty() {
        return Some(("a whole home folder, with its keys", true));
    }
    OF_HOME.iter().find(|(folder, _)| is_within(inside, folder)).map(|(_, what)| (*what, true))
}

fn of_host(path: &str, read_only: bool) -> Option<(&'static str, bool)> {
    if read_only && is_harmless(path) {
        return None;
    }
    let covers = |folder: &str, reach: &Reach| match reach {
        Itself => path == folder,
        Below => is_within(path, folder),
    };
    let (_, _, content, what) = FOLDERS.iter().find(|(folder, reach, ..)| covers(folder, reach))?;
    Some((what, matches!(content, Secrets)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn controls(path: &str, read_only: bool) -> Option<bool> {
        exposure(path, read_only).map(|exposure| matches!(exposure, Exposure::Control(_)))
    }

    #[test]
    fn folders_that_decide_about_the_host_are_known() {
        for path in [
            "/",
            "/etc",
            "/etc/../etc/",
            "/sys/fs/cgroup",
            "/var/lib/docker/volumes",
            "~/.ssh",
            "~/.aws/x",
            "/root",
        ] {
            assert_eq!(controls(path, false), Some(true), "{path}");
        }
        for path in ["/", "/etc/shadow", "~/.ssh", "/home/ann/.ssh/id_ed25519"] {
            assert_eq!(controls(path, true), Some(true), "{path}");
        }
        for path in ["/proc", "/sys", "/var/lib/docker/containers", "/etc/passwd"] {
            assert_eq!(controls(path, true), Some(false), "{path}");
        }
    }

    #[test]
    fn ordinary_folders_reveal_nothing() {
        for path in [
            "./data",
            "../x",
            "/srv/app",
            "/home/ann/app",
            "~/app",
            "/root/project/db",
            "/etc/letsencrypt",
            "/dev/dri",
            "/usr/share/zoneinfo",
            "/var/log",
            "/homes",
            "/etcetera",
            "~x/.ssh",
            "",
        ] {
            assert_eq!(controls(path, false), None, "{path}");
        }
        assert_eq!(controls("/etc/localtime", true), None);
    }
}
