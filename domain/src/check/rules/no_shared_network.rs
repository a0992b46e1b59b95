//! Services that name or wait for another service, but share no network with it: the name does not resolve.
//!
//! Nothing is reported where the name may mean something else: a host that the service declares, a container of an
//! external network, or an alias of a third service.

use std::collections::{HashMap, HashSet};

use super::service_networks::{Networks, declared};
use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule, run_together},
    },
    compose::{
        Command, Condition, Located, Model, Place, Service,
        hosts::{Host, expected_in, in_command, sure_in_value},
        yaml::Node,
    },
    finding::Severity,
    stack::Edit,
};

pub const RULE: Rule = Rule { codes: &[Code::runtime("no-shared-network")], look };

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
    let declared = declared(model);
    let networks: Vec<Option<Networks<'_>>> =
        model.services.iter().map(|service| Networks::of(service, &declared)).collect();
    let also = other_names(model);
    for (service, mine) in model.services.iter().zip(&networks) {
        let Some(mine) = mine.as_ref().filter(|mine| !mine.is_external) else { continue };
        let own_names = OwnNames::of(model.root.at(&["services", &service.name]));
        let mut seen = HashSet::new();
        for need in needs(service) {
            let Some(at) = input.index_of(&need.target).filter(|at| seen.insert(*at)) else { continue };
            let (target, Some(theirs)) = (&model.services[at], &networks[at]) else { continue };
            if target.name == service.name
                || !run_together(service, target)
                || mine.meet(theirs)
                || also
                    .get(need.target.as_str())
                    .is_some_and(|owners| owners.iter().any(|owner| *owner != target.name))
                || own_names.has(&need.target)
                || input.is_full()
            {
                continue;
            }
            let (name, other) = (&service.name, &target.name);
            let meeting = theirs.meeting_place();
            let apart = format!("`{name}` is in {}, `{other}` in {}", mine.listed(), theirs.listed());
            let (severity, what) = match need.why {
                Why::Variable(key) => (Severity::Error, format!("`{key}` of `{name}` names `{other}`, and")),
                Why::Key(key) => (Severity::Error, format!("The {key} of `{name}` names `{other}`, and")),
                Why::Start => {
                    (Severity::Warning, format!("`{name}` waits for `{other}` but cannot reach it, because"))
                }
            };
            let message = format!("{what} the two share no network: {apart}. Let `{name}` join `{meeting}`.");
            let edit =
                Edit::JoinNetwork { service: name.clone(), network: meeting.to_owned(), keep_default: None };
            let finding = input
                .finding("no-shared-network", severity, need.place, message)
                .with_fix(format!("Let {name} join {meeting}"), edit);
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

/// Names that a service resolves in a way of its own.
struct OwnNames {
    names: HashSet<String>,
    /// With DNS servers of its own, any name may be known there.
    has_dns: bool,
}

impl OwnNames {
    fn of(body: Option<&Node>) -> Self {
        let texts = |key: &str| {
            let node = body.and_then(|body| body.get(key));
            let keys = node.into_iter().flat_map(Node::entries).map(|entry| entry.key.clone());
            keys.chain(node.into_iter().flat_map(Node::items).filter_map(Node::text)).collect::<Vec<_>>()
        };
        let hosts = texts("extra_hosts")
            .into_iter()
            .filter_map(|host| host.split([':', '=']).next().map(str::to_owned));
        let links = texts("links").into_iter().chain(texts("external_links"));
        let aliases = links.filter_map(|link| {
            link.split_once(':').filter(|(target, alias)| target != alias).map(|(_, alias)| alias.to_owned())
        });
        Self {
            names: hosts.chain(aliases).collect(),
            has_dns: body.and_then(|body| body.get("dns")).is_some_and(|dns| !dns.is_null()),
        }
    }

    fn has(&self, name: &str) -> bool {
        self.has_dns || self.names.contains(name)
    }
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
