//! Several lines pasted into one field become several rows.

use domain::stack::PortSpec;

/// `KEY=value` lines as in an `.env` file; `KEY: value` or `- KEY=value` as in a compose file. A bare `KEY` passes through.
pub fn variables(text: &str) -> Vec<(String, Option<String>)> {
    entries(text)
        .filter_map(|line| {
            let line = line.strip_prefix("export ").unwrap_or(line);
            let (key, value) = match (line.find('='), line.find(": ")) {
                (Some(equals), Some(colon)) if colon < equals => (&line[..colon], Some(&line[colon + 2..])),
                (Some(equals), _) => (&line[..equals], Some(&line[equals + 1..])),
                (None, Some(colon)) => (&line[..colon], Some(&line[colon + 2..])),
                (None, None) => (line.trim_end_matches(':'), None),
            };
            let key = key.trim();
            (!key.is_empty() && !key.contains(char::is_whitespace))
                .then(|| (key.to_owned(), value.map(|value| unquoted(value.trim()).to_owned())))
        })
        .collect()
}

/// Reads a port mapping: `8080:80`, `127.0.0.1:53:53/udp`, `3000`.
pub fn ports(text: &str) -> Vec<PortSpec> {
    entries(text).filter_map(port).collect()
}

pub fn port(text: &str) -> Option<PortSpec> {
    let (rest, protocol) = match text.trim().rsplit_once('/') {
        Some((rest, protocol)) => (rest, Some(protocol.to_owned())),
        None => (text.trim(), None),
    };
    let (rest, target) = match rest.rsplit_once(':') {
        Some((before, target)) => (Some(before), target),
        None => (None, rest),
    };
    let (host_ip, published) = match rest.map(|rest| rest.rsplit_once(':').unwrap_or(("", rest))) {
        Some((host_ip, published)) => {
            (some(host_ip.trim_start_matches('[').trim_end_matches(']')), some(published))
        }
        None => (None, None),
    };
    (!target.is_empty()).then(|| PortSpec { host_ip, published, target: target.to_owned(), protocol })
}

/// A mount in the short form: source, target, read only.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MountLine {
    pub source: Option<String>,
    pub target: String,
    pub read_only: bool,
}

/// Reads a mount: `data:/var/lib/data`, `./conf:/etc/app:ro`, `/cache`.
pub fn mounts(text: &str) -> Vec<MountLine> {
    entries(text)
        .filter_map(|line| {
            let mut parts = line.split(':');
            let first = parts.next()?.trim();
            let second = parts.next().map(str::trim);
            let options = parts.next().unwrap_or_default();
            let (source, target) = match second {
                Some(target) => (some(first), target),
                None => (None, first),
            };
            let read_only = options.split(',').any(|option| option.trim() == "ro");
            target.starts_with('/').then(|| MountLine { source, target: target.to_owned(), read_only })
        })
        .collect()
}

/// The lines that are neither empty nor comments, without list dashes and surrounding quotes.
fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(|line| line.trim())
        .map(|line| line.strip_prefix("- ").map_or(line, str::trim))
        .map(unquoted)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}

fn unquoted(text: &str) -> &str {
    ['"', '\''].into_iter().find_map(|quote| text.strip_prefix(quote)?.strip_suffix(quote)).unwrap_or(text)
}

fn some(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(key: &str, value: Option<&str>) -> (String, Option<String>) {
        (key.to_owned(), value.map(str::to_owned))
    }

    #[test]
    fn an_env_file_becomes_rows() {
        let text = "# database\nexport DB_HOST=db\nDB_URL=postgres://a:b@db/x?y=z\n\nDB_PASSWORD=\"p w\"\nEMPTY=\nTZ\n";
        assert_eq!(
            variables(text),
            [
                pair("DB_HOST", Some("db")),
                pair("DB_URL", Some("postgres://a:b@db/x?y=z")),
                pair("DB_PASSWORD", Some("p w")),
                pair("EMPTY", Some("")),
                pair("TZ", None),
            ]
        );
    }

    #[test]
    fn both_compose_forms_become_rows() {
        assert_eq!(variables("  A: 1\n  B: \"x=y\"\n"), [pair("A", Some("1")), pair("B", Some("x=y"))]);
        assert_eq!(variables("- A=1\n- \"B=x y\"\n"), [pair("A", Some("1")), pair("B", Some("x y"))]);
    }

    #[test]
    fn ports_in_every_short_form() {
        let all = ports("- \"8080:80\"\n127.0.0.1:53:53/udp\n[::1]:1:2\n3000\n");
        assert_eq!(
            all[0],
            PortSpec { published: Some("8080".into()), target: "80".into(), ..PortSpec::default() }
        );
        assert_eq!(all[1].host_ip.as_deref(), Some("127.0.0.1"));
        assert_eq!(all[1].protocol.as_deref(), Some("udp"));
        assert_eq!((all[2].host_ip.as_deref(), all[2].published.as_deref()), (Some("::1"), Some("1")));
        assert_eq!((all[3].published.clone(), all[3].target.as_str()), (None, "3000"));
    }

    #[test]
    fn mounts_of_every_kind() {
        let all = mounts("data:/var/lib/data\n./conf:/etc/app:ro\n/cache\nnonsense\n");
        assert_eq!(all.len(), 3);
        assert!(all[1].read_only);
        assert_eq!(all[2], MountLine { source: None, target: "/cache".into(), read_only: false });
    }
}
