//! Services that depend on each other in a cycle, through `depends_on` or through a key that names a service.

use crate::{
    check::{
        code::Code,
        rule::{CheckInput, Rule},
    },
    compose::{Place, Service},
    finding::Severity,
    stack::Edit,
};

use super::service_uses::uses;

pub const RULE: Rule = Rule { codes: &[Code::compose("dependency-cycle")], look };

/// The maximum number of reported cycles, because each finding spells out its whole cycle.
const MOST_CIRCLES: usize = 50;

#[derive(Clone, Copy, PartialEq)]
enum Seen {
    Never,
    OnThePath,
    Done,
}

/// That a service needs another one first.
#[derive(Clone)]
struct Need {
    to: usize,
    place: Place,
    label: String,
    removal: Edit,
}

struct Walk {
    needs: Vec<Vec<Need>>,
    seen: Vec<Seen>,
    path: Vec<usize>,
    /// Each cycle, with the need that closes it.
    found: Vec<(Vec<usize>, Need)>,
}

/// Searches depth first, in the order of the file. Each dependency that leads back to the current path closes a
/// cycle.
fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    let needs: Vec<Vec<Need>> = model.services.iter().map(|service| needs(input, service)).collect();
    let mut walk =
        Walk { needs, seen: vec![Seen::Never; model.services.len()], path: Vec::new(), found: Vec::new() };
    for start in 0..model.services.len() {
        walk.visit(start);
    }
    let found = walk.found;
    for (circle, closing) in found {
        let names: Vec<_> = circle.iter().map(|at| model.services[*at].name.as_str()).collect();
        let Some(last) = names.last() else { continue };
        let round = format!("{} → {}", names.join(" → "), model.services[closing.to].name);
        let message = format!(
            "These services wait for each other, so none of them can start: {round}. Remove one of the dependencies."
        );
        let finding = input
            .finding("dependency-cycle", Severity::Error, closing.place, message)
            .with_fix(closing.label, closing.removal);
        input.add(finding.of_service(last));
    }
}

/// What the service needs, in the order of `depends_on`, then of the other keys.
fn needs(input: &CheckInput<'_>, service: &Service) -> Vec<Need> {
    let listed = service.depends_on.iter().filter_map(|dependency| {
        Some(Need {
            to: input.index_of(&dependency.service)?,
            place: dependency.place,
            label: format!("Start `{}` without waiting for `{}`", service.name, dependency.service),
            removal: Edit::RemoveDependency { service: service.name.clone(), on: dependency.service.clone() },
        })
    });
    let body = input.model.root.at(&["services", service.name.as_str()]);
    let named = body.map(|body| uses(body, service)).unwrap_or_default();
    let named = named.into_iter().filter_map(|used| {
        Some(Need {
            to: input.index_of(&used.name)?,
            place: used.place,
            label: format!("Remove it from {}", used.key),
            removal: Edit::RemoveKey { path: used.path },
        })
    });
    listed.chain(named).collect()
}

impl Walk {
    /// Works iteratively, because a hostile file may contain a chain of any length.
    fn visit(&mut self, start: usize) {
        if self.seen[start] != Seen::Never {
            return;
        }
        let mut next_edge = vec![0];
        self.enter(start);
        while let (Some(&at), Some(edge)) = (self.path.last(), next_edge.last_mut()) {
            let Some(need) = self.needs[at].get(*edge) else {
                self.seen[at] = Seen::Done;
                self.path.pop();
                next_edge.pop();
                continue;
            };
            *edge += 1;
            let to = need.to;
            match self.seen[to] {
                Seen::Never => {
                    self.enter(to);
                    next_edge.push(0);
                }
                // A service that depends on itself has its own code.
                Seen::OnThePath if to != at && self.found.len() < MOST_CIRCLES => {
                    let from = self.path.iter().position(|step| *step == to).unwrap_or_default();
                    self.found.push((self.path[from..].to_vec(), need.clone()));
                }
                Seen::OnThePath | Seen::Done => {}
            }
        }
    }

    fn enter(&mut self, service: usize) {
        self.seen[service] = Seen::OnThePath;
        self.path.push(service);
    }
}

#[cfg(test)]
mod tests {
    use crate::check::testing::{all, fixed, marked, none, one};

    const CODE: &str = "dependency-cycle";

    #[test]
    fn a_circle_is_spelled_out() {
        let text = "services:\n  a:\n    image: a:1\n    depends_on: [b]\n  b:\n    image: a:1\n    depends_on: [c]\n  c:\n    image: a:1\n    depends_on: [a]\n";
        let finding = one(text, CODE);
        assert!(finding.message.contains("a → b → c → a"), "{}", finding.message);
        assert_eq!((marked(text, &finding), finding.service.as_deref()), ("a", Some("c")));
        assert!(fixed(text, CODE).contains("depends_on: [b]"));
    }

    #[test]
    fn each_circle_is_found() {
        let text = "services:\n  a:\n    image: a:1\n    depends_on: [b, c]\n  b:\n    image: a:1\n    depends_on: [a]\n  c:\n    image: a:1\n    depends_on: [a]\n";
        assert_eq!(all(text, CODE).len(), 2);
    }

    #[test]
    fn keys_that_name_a_service_are_followed_as_compose_does() {
        for (one, other) in [
            ("depends_on: [b]", "network_mode: service:a"),
            ("ipc: service:b", "depends_on: [a]"),
            ("pid: service:b", "uts: service:a"),
            ("links: ['b:x']", "volumes_from: ['a:ro']"),
        ] {
            let text =
                format!("services:\n  a:\n    image: a:1\n    {one}\n  b:\n    image: a:1\n    {other}\n");
            fixed(&text, CODE);
        }
        none(
            "services:\n  a:\n    image: a:1\n    userns_mode: service:b\n  b:\n    image: a:1\n    depends_on: [a]\n",
            CODE,
        );
    }

    #[test]
    fn two_ways_to_one_service_are_no_circle() {
        none(
            "services:\n  a:\n    image: a:1\n    depends_on: [b, c]\n  b:\n    image: a:1\n    depends_on: [c]\n  c:\n    image: a:1\n",
            CODE,
        );
    }
}
