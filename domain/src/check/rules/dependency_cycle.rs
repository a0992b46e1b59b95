//! Services that depend on each other in a cycle.

use crate::check::{
    code::Code,
    rule::{CheckInput, Rule},
};
use crate::{compose::Dependency, finding::Severity, stack::Edit};

pub const RULE: Rule = Rule { codes: &[Code::compose("dependency-cycle")], look };

/// The maximum number of reported cycles, because each finding spells out its whole cycle.
const MOST_CIRCLES: usize = 50;

#[derive(Clone, Copy, PartialEq)]
enum Seen {
    Never,
    OnThePath,
    Done,
}

struct Walk<'w, 'm> {
    input: &'w CheckInput<'m>,
    seen: Vec<Seen>,
    path: Vec<usize>,
    /// Each cycle, with the dependency that closes it.
    found: Vec<(Vec<usize>, &'m Dependency)>,
}

/// Searches depth first, in the order of the file. Each dependency that leads back to the current path closes a
/// cycle.
fn look(input: &mut CheckInput<'_>) {
    let model = input.model;
    let mut walk =
        Walk { input, seen: vec![Seen::Never; model.services.len()], path: Vec::new(), found: Vec::new() };
    for start in 0..model.services.len() {
        walk.visit(start);
    }
    let found = walk.found;
    for (circle, closing) in found {
        let names: Vec<_> = circle.iter().map(|at| model.services[*at].name.as_str()).collect();
        let Some(last) = names.last() else { continue };
        let round = format!("{} → {}", names.join(" → "), closing.service);
        let message = format!(
            "These services wait for each other, so none of them can start: {round}. Remove one of the dependencies."
        );
        let edit = Edit::RemoveDependency { service: (*last).to_owned(), on: closing.service.clone() };
        let finding = input
            .finding("dependency-cycle", Severity::Error, closing.place, message)
            .with_fix(format!("Start `{last}` without waiting for `{}`", closing.service), edit);
        input.add(finding.of_service(last));
    }
}

impl Walk<'_, '_> {
    /// Works iteratively, because a hostile file may contain a chain of any length.
    fn visit(&mut self, start: usize) {
        if self.seen[start] != Seen::Never {
            return;
        }
        let mut next_edge = vec![0];
        self.enter(start);
        while let (Some(&at), Some(edge)) = (self.path.last(), next_edge.last_mut()) {
            let Some(dependency) = self.input.model.services[at].depends_on.get(*edge) else {
                self.seen[at] = Seen::Done;
                self.path.pop();
                next_edge.pop();
                continue;
            };
            *edge += 1;
            let Some(to) = self.input.index_of(&dependency.service) else {
                continue;
            };
            match self.seen[to] {
                Seen::Never => {
                    self.enter(to);
                    next_edge.push(0);
                }
                // A service that depends on itself has its own code.
                Seen::OnThePath if to != at && self.found.len() < MOST_CIRCLES => {
                    let from = self.path.iter().position(|step| *step == to).unwrap_or_default();
                    self.found.push((self.path[from..].to_vec(), dependency));
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
    fn two_ways_to_one_service_are_no_circle() {
        none(
            "services:\n  a:\n    image: a:1\n    depends_on: [b, c]\n  b:\n    image: a:1\n    depends_on: [c]\n  c:\n    image: a:1\n",
            CODE,
        );
    }
}
