//! The entries of `ports`, in the short form `[host-ip:][published[-end]:]target[-end][/protocol]` and in the long form
//! (<https://github.com/compose-spec/compose-spec/blob/main/05-services.md#ports>).

use super::{
    model::{Port, PortMapping, Protocol},
    variables,
    yaml::{Node, Value},
};
use crate::finding::Basis;

pub fn read(node: &Node, index: usize) -> Port {
    let mut port = Port {
        text: None,
        mapping: None,
        problem: None,
        problem_basis: Basis::Compose,
        place: node.here(),
        index,
    };
    if let Value::Mapping(_) = node.value {
        match long(node) {
            Ok(mapping) => port.mapping = mapping,
            Err((basis, problem)) => {
                port.problem = Some(problem);
                port.problem_basis = basis;
            }
        }
        return port;
    }
    let outcome = match &node.value {
        Value::Sequence(_) | Value::Null => {
            Err(format!("`ports` needs text such as `8080:80`, this is {}", node.kind()))
        }
        _ => {
            let text = node.text().unwrap_or_default();
            port.text = Some(text.clone());
            short(&text)
        }
    };
    match outcome {
        Ok(mapping) => port.mapping = mapping,
        Err(problem) => port.problem = Some(problem),
    }
    port
}

/// Reads the short form, with variables replaced by their defaults. `Ok(None)` means that a variable has no default.
pub fn short(text: &str) -> Result<Option<PortMapping>, String> {
    let Some(text) = variables::with_defaults(text) else { return Ok(None) };
    parse(&text).map(Some)
}

/// Reads the short form without variables.
pub fn parse(text: &str) -> Result<PortMapping, String> {
    let (rest, protocol) = match text.rsplit_once('/') {
        Some((rest, protocol)) => (rest, protocol_named(protocol)?),
        None => (text, Protocol::Tcp),
    };
    let (address, target) = match rest.rsplit_once(':') {
        Some((address, target)) => (Some(address), target),
        None => (None, rest),
    };
    let target = range(target).ok_or_else(|| not_a_port(text, target))?;
    let (host_ip, published) = match address.map(|address| (address.rsplit_once(':'), address)) {
        None => (None, None),
        Some((Some((ip, published)), _)) => (Some(ip).filter(|ip| !ip.is_empty()), Some(published)),
        Some((None, published)) => (None, Some(published)),
    };
    let published = match published {
        // The engine chooses a free port.
        None | Some("" | "0") => None,
        Some(published) => Some(host_range(published).ok_or_else(|| not_a_port(text, published))?),
    };
    let bare = |ip: &str| ip.strip_prefix('[').and_then(|ip| ip.strip_suffix(']')).unwrap_or(ip).to_owned();
    let host_ip = host_ip.map(bare);
    if let Some(ip) = &host_ip
        && ip.parse::<std::net::IpAddr>().is_err()
    {
        return Err(format!("`{ip}` in `{text}` isn't an IP address"));
    }
    let length = |(first, last): (u16, u16)| last - first;
    if let Some(published) = published
        && length(published) != length(target)
        && length(target) != 0
    {
        return Err(format!("The two ranges in `{text}` have different lengths"));
    }
    Ok(PortMapping { host_ip, published, target, protocol })
}

fn not_a_port(text: &str, part: &str) -> String {
    if part.parse::<std::net::IpAddr>().is_ok() {
        return format!(
            "`{part}` in `{text}` is an address, and a host port must follow it, such as `{part}:8080:80`"
        );
    }
    let whole = if text == part { String::new() } else { format!(" in `{text}`") };
    format!("`{part}`{whole} isn't a port: use a number from 1 to 65535, or a range such as `8000-8010`")
}

/// Reads a port or a range: `80` or `8000-8010`.
pub fn range(text: &str) -> Option<(u16, u16)> {
    let number = |text: &str| {
        let digits = text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<u16>().ok().filter(|port| digits && *port > 0)
    };
    match text.split_once('-') {
        None => number(text).map(|port| (port, port)),
        Some((first, last)) => Some((number(first)?, number(last)?)).filter(|(first, last)| first <= last),
    }
}

/// A host port or a range of them, which may begin with 0: the engine then chooses.
fn host_range(text: &str) -> Option<(u16, u16)> {
    match text.split_once('-') {
        Some(("0", last)) => range(last).map(|(last, _)| (0, last)),
        _ => range(text),
    }
}

fn protocol_named(text: &str) -> Result<Protocol, String> {
    match text.to_ascii_lowercase().as_str() {
        "" | "tcp" => Ok(Protocol::Tcp),
        "udp" => Ok(Protocol::Udp),
        "sctp" => Ok(Protocol::Sctp),
        _ => Err(format!("`{text}` isn't a protocol: use `tcp`, `udp` or `sctp`")),
    }
}

/// Reads the long form. Compose accepts every text as the host port and every number as the container port; the engine does
/// not.
fn long(node: &Node) -> Result<Option<PortMapping>, (Basis, String)> {
    let field = |key: &str| node.get(key).and_then(Node::text);
    let known = |text: String| variables::with_defaults(&text);
    let Some(target) = field("target") else {
        let message = "`target` is missing: a port needs the port inside the container".to_owned();
        return Err((Basis::Compose, message));
    };
    let Some(target) = known(target) else { return Ok(None) };
    let published = match field("published").map(known) {
        Some(None) => return Ok(None),
        Some(Some(text)) if text.is_empty() || text == "0" => None,
        Some(Some(text)) => Some(range(&text).ok_or_else(|| (Basis::Runtime, not_a_port(&text, &text)))?),
        None => None,
    };
    let protocol = match field("protocol").map(known) {
        Some(None) => return Ok(None),
        // Compose accepts any word here; `shape` reports the ones that the engine doesn't know.
        Some(Some(text)) => match protocol_named(&text) {
            Ok(protocol) => protocol,
            Err(_) => return Ok(None),
        },
        None => Protocol::Tcp,
    };
    Ok(Some(PortMapping {
        host_ip: field("host_ip").and_then(known),
        published,
        target: one_port(&target)?,
        protocol,
    }))
}

/// The container port of the long form, which is one number.
fn one_port(text: &str) -> Result<(u16, u16), (Basis, String)> {
    let basis = if text.parse::<u32>().is_ok() { Basis::Runtime } else { Basis::Compose };
    let port = text.parse::<u16>().ok().filter(|port| *port > 0);
    port.map(|port| (port, port)).ok_or_else(|| {
        (basis, format!("`{text}` isn't a port: the long form needs one number from 1 to 65535"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping(
        ip: Option<&str>,
        published: Option<(u16, u16)>,
        target: (u16, u16),
        protocol: Protocol,
    ) -> PortMapping {
        PortMapping { host_ip: ip.map(str::to_owned), published, target, protocol }
    }

    #[test]
    fn every_short_form_is_understood() {
        let tcp = Protocol::Tcp;
        assert_eq!(parse("80"), Ok(mapping(None, None, (80, 80), tcp)));
        assert_eq!(parse("8080:80"), Ok(mapping(None, Some((8080, 8080)), (80, 80), tcp)));
        assert_eq!(parse("53:53/udp"), Ok(mapping(None, Some((53, 53)), (53, 53), Protocol::Udp)));
        assert_eq!(
            parse("127.0.0.1:8000-8002:9000-9002"),
            Ok(mapping(Some("127.0.0.1"), Some((8000, 8002)), (9000, 9002), tcp))
        );
        assert_eq!(parse("127.0.0.1::80"), Ok(mapping(Some("127.0.0.1"), None, (80, 80), tcp)));
        assert_eq!(parse("[::1]:80:80"), Ok(mapping(Some("::1"), Some((80, 80)), (80, 80), tcp)));
        for free in ["0:80", ":80", "::80", "80", "80/", "0080"] {
            assert_eq!(parse(free), Ok(mapping(None, None, (80, 80), tcp)), "{free}");
        }
        assert_eq!(parse("0-5:80"), Ok(mapping(None, Some((0, 5)), (80, 80), tcp)));
        assert_eq!(parse("8000-8010:80"), Ok(mapping(None, Some((8000, 8010)), (80, 80), tcp)));
    }

    #[test]
    fn nonsense_is_refused_with_the_part_that_is_wrong() {
        for text in [
            "",
            "a",
            "80:",
            "0",
            "80:0",
            "70000:80",
            "80-70:80",
            "1-3:1-2",
            "999.1.1.1:80:80",
            "80/icmp",
            "0.0.0.0:80",
            "[::1]:80",
            "localhost:80:80",
            " 80:80",
            "+80",
        ] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
