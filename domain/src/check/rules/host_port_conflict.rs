//! Two mappings of the same host port.

use std::net::IpAddr;

use super::taken_ports::TakenPorts;
use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule, run_together},
    },
    compose::{Port, PortMapping, Protocol, Service},
    finding::{Finding, Severity},
    stack::{Edit, PortSpec},
};

/// The maximum number of ports, because each port is compared with all earlier ones.
const MOST_PORTS: usize = 1_000;

pub const RULE: Rule =
    Rule { codes: &[Code::runtime("host-port-conflict"), Code::advice("port-duplicate")], look };

struct Published<'m> {
    service: &'m Service,
    port: &'m Port,
    mapping: &'m PortMapping,
    first: u16,
    last: u16,
}

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    let published: Vec<_> = model
        .services
        .iter()
        .filter(|service| has_own_network(service))
        .flat_map(all_of)
        .take(MOST_PORTS)
        .collect();
    let mut taken = TakenPorts::default();
    for one in &published {
        taken.take(one.mapping.protocol, (one.first, one.last));
    }
    for (number, later) in published.iter().enumerate() {
        let Some(earlier) = published[..number].iter().find(|earlier| collide(earlier, later)) else {
            continue;
        };
        let finding = if is_repeated(earlier, later) {
            repeated(input, earlier, later)
        } else {
            conflict(input, earlier, later, &mut taken)
        };
        input.add(finding.of_service(&later.service.name));
    }
}

/// Whether the service can publish ports. Services in the network of the host or of another container cannot.
fn has_own_network(service: &Service) -> bool {
    service.network_mode.as_ref().is_none_or(|mode| mode.value == "bridge" || mode.value == "default")
}

fn all_of(service: &Service) -> impl Iterator<Item = Published<'_>> {
    service.ports.iter().filter_map(move |port| {
        let mapping = port.mapping.as_ref()?;
        let (first, last) = mapping.published?;
        // For a range with only one container port, the engine chooses a free host port.
        let chosen_later = first != last && mapping.target.0 == mapping.target.1;
        (!chosen_later).then_some(Published { service, port, mapping, first, last })
    })
}

fn collide(a: &Published<'_>, b: &Published<'_>) -> bool {
    a.mapping.protocol == b.mapping.protocol
        && a.first <= b.last
        && b.first <= a.last
        && share_address(a.mapping.host_ip.as_deref(), b.mapping.host_ip.as_deref())
        && run_together(a.service, b.service)
}

/// Whether the two addresses overlap. No address means all addresses of both families; `0.0.0.0` and `::` mean all of
/// one family.
fn share_address(a: Option<&str>, b: Option<&str>) -> bool {
    let (Some(a), Some(b)) = (given(a), given(b)) else { return true };
    match (a.parse::<IpAddr>(), b.parse::<IpAddr>()) {
        (Ok(a), Ok(b)) => {
            a == b || (a.is_ipv4() == b.is_ipv4() && (a.is_unspecified() || b.is_unspecified()))
        }
        _ => a == b,
    }
}

fn given(address: Option<&str>) -> Option<&str> {
    address.filter(|address| !address.is_empty())
}

/// Whether the two entries are identical. Compose treats identical entries as one.
fn is_repeated(a: &Published<'_>, b: &Published<'_>) -> bool {
    a.service.name == b.service.name && a.mapping == b.mapping
}

fn repeated(input: &CheckInput<'_>, earlier: &Published<'_>, later: &Published<'_>) -> Finding {
    let line = input.line(earlier.port.place);
    input
        .finding(
            "port-duplicate",
            Severity::Hint,
            later.port.place,
            format!(
                "Duplicate port: `{}` already publishes it on line {line}. Remove one of them.",
                later.service.name
            ),
        )
        .with_fix(
            "Remove this entry",
            Edit::RemovePort { service: later.service.name.clone(), index: later.port.index },
        )
}

fn conflict(
    input: &CheckInput<'_>,
    earlier: &Published<'_>,
    later: &Published<'_>,
    taken: &mut TakenPorts,
) -> Finding {
    let (first, last) = (earlier.first.max(later.first), earlier.last.min(later.last));
    let ports = if first == last { format!("Port {first}") } else { format!("Ports {first} to {last}") };
    let verb = if first == last { "is" } else { "are" };
    let owner = if earlier.service.name == later.service.name {
        "this service itself".to_owned()
    } else {
        format!("`{}`", earlier.service.name)
    };
    let (protocol, line) = (later.mapping.protocol.as_str(), input.line(earlier.port.place));
    let message = if earlier.port.place == later.port.place {
        format!(
            "{ports}/{protocol} of the host {verb} already used by {owner}: `{}` shares line {line} with it, so the second \
             container can't start. Give it a port of its own.",
            later.service.name
        )
    } else {
        format!(
            "{ports}/{protocol} of the host {verb} already used by {owner} on line {line}, so the second container can't \
             start. Publish another port."
        )
    };
    let finding = input.finding("host-port-conflict", Severity::Error, later.port.place, message);
    match taken.next_free(later.mapping.protocol, (later.first, later.last)) {
        Some((first, last)) => {
            // The fix of the next conflict must not use the same port.
            taken.take(later.mapping.protocol, (first, last));
            let published = range(first, last);
            let port = PortSpec {
                host_ip: later.mapping.host_ip.clone(),
                published: Some(published.clone()),
                target: range(later.mapping.target.0, later.mapping.target.1),
                protocol: (later.mapping.protocol != Protocol::Tcp)
                    .then(|| later.mapping.protocol.as_str().to_owned()),
            };
            let edit = Edit::SetPort { service: later.service.name.clone(), index: later.port.index, port };
            finding.with_fix(format!("Publish {published} instead"), edit)
        }
        None => finding,
    }
}

fn range(first: u16, last: u16) -> String {
    if first == last { first.to_string() } else { format!("{first}-{last}") }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{all, fixed, marked, none, one};

    const CODE: &str = "host-port-conflict";

    fn two(first: &str, second: &str) -> String {
        format!(
            "services:\n  a:\n    image: nginx:1.27\n    ports:\n      - \"{first}\"\n  b:\n    image: nginx:1.27\n    ports:\n      - \"{second}\"\n"
        )
    }

    #[test]
    fn the_second_service_on_a_port_is_told_who_has_it() {
        let text = two("8080:80", "8080:81");
        let finding = one(&text, CODE);
        assert_eq!(marked(&text, &finding), "\"8080:81\"");
        assert_eq!(finding.service.as_deref(), Some("b"));
        assert!(finding.message.contains("`a` on line 5"), "{}", finding.message);
        assert!(fixed(&text, CODE).contains("\"8081:81\""));
    }

    #[test]
    fn services_that_share_a_list_are_both_named() {
        let text = "x-p: &p [\"80:80\"]\nservices:\n  a:\n    image: a:1\n    ports: *p\n  b:\n    image: a:1\n    ports: *p\n";
        let finding = one(text, CODE);
        assert!(finding.message.contains("by `a`: `b` shares line 1 with it"), "{}", finding.message);
        assert!(fixed(text, CODE).contains("ports:\n      - \"8080:80\"\n"));
    }

    #[test]
    fn ranges_that_overlap_collide() {
        one(&two("8000-8010:8000-8010", "8005:80"), CODE);
        assert!(fixed(&two("8000-8001:80-81", "8001-8003:90-92"), CODE).contains("8004-8006:90-92"));
        none(&two("8000-8010:8000-8010", "8011:80"), CODE);
    }

    #[test]
    fn a_range_for_one_container_port_finds_its_own_way() {
        none(&two("8000-8010:80", "8005:80"), CODE);
    }

    #[test]
    fn protocols_are_apart() {
        none(&two("53:53/tcp", "53:53/udp"), CODE);
        assert!(fixed(&two("53:53/udp", "53:53/udp"), CODE).contains("8053:53/udp"));
    }

    #[test]
    fn an_address_collides_with_all_addresses_of_its_family() {
        one(&two("127.0.0.1:80:80", "80:80"), CODE);
        one(&two("127.0.0.1:80:80", "0.0.0.0:80:80"), CODE);
        one(&two("[::1]:80:80", "[::]:80:80"), CODE);
        none(&two("127.0.0.1:80:80", "127.0.0.2:80:80"), CODE);
        none(&two("127.0.0.1:80:80", "[::]:80:80"), CODE);
    }

    #[test]
    fn alternatives_by_profile_may_share_a_port() {
        let text = "services:\n  cpu:\n    image: a:1\n    profiles: [cpu]\n    ports: [\"80:80\"]\n  gpu:\n    image: a:1\n    profiles: [gpu]\n    ports: [\"80:80\"]\n";
        none(text, CODE);
    }

    #[test]
    fn three_services_on_one_port_are_sent_to_different_ones() {
        let text = "services:\n  a:\n    image: a:1\n    ports: [\"9000:1\"]\n  b:\n    image: a:1\n    ports: [\"9000:2\"]\n  c:\n    image: a:1\n    ports: [\"9000:3\"]\n";
        let labels: Vec<_> =
            all(text, CODE).into_iter().filter_map(|one| one.fix).map(|fix| fix.label).collect();
        assert_eq!(labels, ["Publish 9001 instead", "Publish 9002 instead"]);
    }

    #[test]
    fn the_same_entry_twice_is_only_a_hint() {
        let text = "services:\n  a:\n    image: a:1\n    ports:\n      - \"80:80\"\n      - \"80:80\"\n";
        none(text, CODE);
        assert_eq!(fixed(text, "port-duplicate"), text.replacen("      - \"80:80\"\n", "", 1));
    }
}
