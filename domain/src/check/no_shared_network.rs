//! Services that name or wait for another service, but share no network with it: the name does not resolve.
//!
//! Nothing is reported where the name may mean something else: a host that the service declares, a container of an
//! external network, or an alias of a third service.

use std::collections::{HashMap, HashSet};

use super::rule::{CheckInput, Rule, run_together};
use crate::{
    compose::{
        Command, Condition, Located, Model, Place, Service,
        hosts::{Host, expected_in, in_command, sure_in_value},
        yaml::Node,
    },
    finding::{Basis, Severity},
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[("no-shared-network", Basis::Runtime)], look };

/// The network of every service without `networks`.
const DEFAULT: &str = "default";

/// One reason why a service needs another.
struct Need<'m> {
    target: String,
    place: Place,
    why: Why<'m>,
}

enum Why<'m> {
    /// The variable that names it.
    Variable(&'m str),
    /// The key that names it.
    Key(&'static str),
    Start,
}

fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    if input.is_open() {
        return;
    }
    let networks = Networks::of(model);
    let also = other_names(model);
    for service in &model.services {
        let Some(mine) = networks.of_service(service).filter(|mine| !mine.iter().any(|one| one.external))
        else {
            continue;
        };
        let body = model.root.at(&["services", &service.name]);
        let mut reported = HashSet::new();
        for need in needs(service) {
            let Some(target) = input.service(&need.target) else { continue };
            let Some(theirs) = networks.of_service(target) else { continue };
            if target.name == service.name
                || !run_together(service, target)
                || theirs.iter().any(|one| mine.iter().any(|own| own.engine_name == one.engine_name))
                || also
                    .get(need.target.as_str())
                    .is_some_and(|owners| owners.iter().any(|owner| *owner != target.name))
                || body.is_some_and(|body| has_own_names(body, &need.target))
                || !reported.insert(target.name.as_str())
            {
                continue;
            }
            let (name, other) = (&service.name, &target.name);
            let Some(meeting) = theirs.iter().find(|one| one.key != DEFAULT).or(theirs.first()) else {
                continue;
            };
            let apart = format!("`{name}` is in {}, `{other}` in {}", list(&mine), list(&theirs));
            let join = format!("Let `{name}` join `{}`.", meeting.key);
            let (severity, message) = match need.why {
                Why::Variable(key) => (
                    Severity::Error,
                    format!(
                        "`{key}` of `{name}` names `{other}`, and the two share no network: {apart}. {join}"
                    ),
                ),
                Why::Key(key) => (
                    Severity::Error,
                    format!(
                        "The {key} of `{name}` names `{other}`, and the two share no network: {apart}. {join}"
                    ),
                ),
                Why::Start => (
                    Severity::Warning,
                    format!(
                        "`{name}` waits for `{other}` but cannot reach it, because the two share no network: {apart}. \
                         {join}"
                    ),
                ),
            };
            let edit = Edit::JoinNetwork {
                service: name.clone(),
                network: meeting.key.to_owned(),
                keep_default: None,
            };
            let label = format!("Let {name} join {}", meeting.key);
            let finding =
                input.finding("no-shared-network", severity, need.place, message).with_fix(label, edit);
            input.add(finding.of_service(name));
        }
    }
}

/// What the service needs, values first. A dependency on a service that has ended needs no network.
fn needs(service: &Service) -> Vec<Need<'_>> {
    let is_said = |host: &Host| host.sure && !host.is_default;
    let mut needs = Vec::new();
    for variable in &service.environment {
        let hosts = variable.value.as_deref().map(|value| sure_in_value(value, expected_in(&variable.key)));
        for host in hosts.into_iter().flatten().filter(is_said) {
            let why = Why::Variable(&variable.key);
            needs.push(Need { target: host.name, place: variable.value_place, why });
        }
    }
    let test = service.healthcheck.as_ref().and_then(|check| check.test.as_ref());
    for (key, command) in [
        ("entrypoint", service.entrypoint.as_ref()),
        ("command", service.command.as_ref()),
        ("health check", test),
    ] {
        let Some(Located { value, place }) = command else { continue };
        let words: Vec<&str> = match value {
            Command::Line(line) => vec![line],
            Command::Words(words) => words.iter().map(String::as_str).collect(),
        };
        for (_, host) in in_command(&words).into_iter().filter(|(_, host)| is_said(host)) {
            needs.push(Need { target: host.name, place: *place, why: Why::Key(key) });
        }
    }
    for link in &service.links {
        let target = link.value.split(':').next().unwrap_or_default().to_owned();
        needs.push(Need { target, place: link.place, why: Why::Key("links") });
    }
    for dependency in service.depends_on.iter().filter(|on| on.condition != Condition::Completed) {
        needs.push(Need { target: dependency.service.clone(), place: dependency.place, why: Why::Start });
    }
    needs
}

/// Whether the service resolves the name in a way of its own.
fn has_own_names(body: &Node, name: &str) -> bool {
    let mut entries = Vec::new();
    for key in ["extra_hosts", "external_links", "links"] {
        let Some(node) = body.get(key) else { continue };
        entries.extend(node.items().iter().filter_map(Node::text).map(|text| (key, text)));
        entries.extend(node.entries().iter().map(|entry| (key, entry.key.clone())));
    }
    body.get("dns").is_some_and(|dns| !dns.is_null())
        || entries.iter().any(|(key, text)| {
            let (first, rest) = text.split_once([':', '=']).unwrap_or((text, text));
            if *key == "extra_hosts" { first == name } else { rest == name && first != name }
        })
}

/// The services by the further names under which others reach them.
fn other_names(model: &Model) -> HashMap<&str, Vec<&str>> {
    let mut names: HashMap<&str, Vec<&str>> = HashMap::new();
    for service in &model.services {
        let container = service.container_name.iter().map(|container| container.value.as_str());
        let aliases = service.networks.iter().flat_map(|membership| &membership.aliases).map(String::as_str);
        for name in container.chain(aliases) {
            names.entry(name).or_default().push(&service.name);
        }
    }
    names
}

struct Network<'m> {
    key: &'m str,
    /// Two keys can name the same network.
    engine_name: &'m str,
    external: bool,
}

/// The networks that the file declares, by key: the name for the engine, and whether they are external.
struct Networks<'m>(HashMap<&'m str, (&'m str, bool)>);

impl<'m> Networks<'m> {
    fn of(model: &'m Model) -> Self {
        let declared = model.networks.iter().map(|network| {
            let engine_name = network.external_name.as_deref().unwrap_or(&network.name);
            (network.name.as_str(), (engine_name, network.external))
        });
        Self(declared.collect())
    }

    /// The networks of a service; `None` if the file does not say all of them.
    fn of_service(&self, service: &'m Service) -> Option<Vec<Network<'m>>> {
        if service.network_mode.is_some() || service.extends.is_some() {
            return None;
        }
        let keys: Vec<&str> = if service.networks.is_empty() {
            vec![DEFAULT]
        } else {
            service.networks.iter().map(|membership| membership.network.as_str()).collect()
        };
        let networks: Vec<Network<'m>> = keys
            .into_iter()
            .map(|key| {
                let (engine_name, external) = self.0.get(key).copied().unwrap_or((key, false));
                Network { key, engine_name, external }
            })
            .collect();
        let is_variable = |one: &Network<'_>| one.key.contains('$') || one.engine_name.contains('$');
        (!networks.iter().any(is_variable)).then_some(networks)
    }
}

fn list(networks: &[Network<'_>]) -> String {
    let names: Vec<String> = networks.iter().map(|network| format!("`{}`", network.key)).collect();
    names.join(", ")
}

#[cfg(test)]
mod tests {
    use crate::check::{
        Severity,
        testing::{all, fixed, marked, none, one},
    };

    const CODE: &str = "no-shared-network";

    fn stack(app: &str, db: &str) -> String {
        format!(
            "services:\n  app:\n    image: a:1\n{app}  db:\n    image: b:1\n{db}networks:\n  front:\n  back:\n"
        )
    }

    const BACK: &str = "    networks: [back]\n";
    const FRONT: &str = "    networks: [front]\n";

    #[test]
    fn a_value_that_names_a_service_out_of_reach_is_an_error() {
        let text = stack(
            &format!("{FRONT}    depends_on: [db]\n    environment:\n      URL: postgres://u@db/x\n"),
            BACK,
        );
        let finding = one(&text, CODE);
        assert_eq!((finding.severity, marked(&text, &finding)), (Severity::Error, "postgres://u@db/x"));
        assert_eq!(fixed(&text, CODE), text.replace("[front]", "[front, back]"));
    }

    #[test]
    fn commands_health_checks_and_links_name_services_too() {
        for own in [
            "    command: wait-for-it db:5432 -- run\n",
            "    healthcheck:\n      test: [CMD, pg_isready, -h, db]\n",
            "    links: [db]\n",
        ] {
            assert_eq!(one(&stack(&format!("{FRONT}{own}"), BACK), CODE).severity, Severity::Error, "{own}");
        }
    }

    #[test]
    fn an_order_of_start_alone_is_a_warning() {
        let text = stack("    depends_on: [db]\n", BACK);
        assert_eq!(one(&text, CODE).severity, Severity::Warning);
        assert_eq!(fixed(&text, CODE), stack("    depends_on: [db]\n    networks:\n      - back\n", BACK));
        let text = stack(&format!("{FRONT}    depends_on: [db]\n"), "");
        assert_eq!(fixed(&text, CODE), text.replace("[front]", "[front, default]"));
        let done = "    depends_on:\n      db:\n        condition: service_completed_successfully\n";
        none(&stack(&format!("{FRONT}{done}"), BACK), CODE);
    }

    #[test]
    fn a_shared_network_is_enough_whatever_its_key() {
        none(&stack("    networks: [front, back]\n    environment: {DB_HOST: db}\n", BACK), CODE);
        none(&stack("    environment: {DB_HOST: db}\n", ""), CODE);
        let same = stack(&format!("{FRONT}    environment: {{DB_HOST: db}}\n"), BACK)
            .replace("front:\n", "front:\n    name: one\n")
            .replace("back:\n", "back:\n    name: one\n");
        none(&same, CODE);
    }

    #[test]
    fn what_the_file_does_not_prove_is_not_reported() {
        for own in [
            "    network_mode: host\n    environment: {DB_HOST: db}\n",
            "    networks: [front]\n    environment: {DB_HOST: \"${DB_HOST:-db}\"}\n",
            "    networks: [front]\n    environment: {POSTGRES_DB: db, IMAGE: \"db:5432\"}\n",
            "    networks: [front]\n    extra_hosts: [\"db:10.0.0.1\"]\n    environment: {DB_HOST: db}\n",
            "    networks: [front]\n    dns: 10.0.0.1\n    environment: {DB_HOST: db}\n",
            "    networks: [front]\n    profiles: [one]\n    environment: {DB_HOST: db}\n",
            "    extends: {file: base.yml, service: x}\n    environment: {DB_HOST: db}\n",
        ] {
            none(&stack(own, "    profiles: [two]\n    networks: [back]\n"), CODE);
        }
        let uses = format!("{FRONT}    environment: {{DB_HOST: db}}\n");
        let text = stack(&uses, BACK);
        assert_eq!(all(&text, CODE).len(), 1);
        none(&text.replace("front:\n", "front:\n    external: true\n"), CODE);
        none(&format!("include: [x.yml]\n{text}"), CODE);
        let third = "  other:\n    image: c:1\n    networks: {front: {aliases: [db]}}\nnetworks:";
        none(&text.replace("networks:\n  front:\n", &format!("{third}\n  front:\n")), CODE);
        none(&stack(&uses, "    network_mode: none\n"), CODE);
    }
}
