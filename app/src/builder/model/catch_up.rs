//! Takes changes that were saved elsewhere into the history of this tab.

use domain::{
    check::{Finding, Severity, check},
    stack::{
        Stack,
        merge::{Conflict, Part, changes, merge},
    },
};

use super::history::History;

/// How much text of earlier steps gets the changes too. Steps beyond that stay as they were.
const CARRIED_BYTES: usize = 2 * 1024 * 1024;

/// What was taken over.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TakenOver {
    pub parts: Vec<Part>,
    /// Errors that neither version has on its own, for instance one port published twice.
    pub errors: Vec<Finding>,
}

/// Merges `theirs` with what was changed here since `base`. A conflict changes nothing.
pub fn catch_up(history: &mut History, base: &Stack, theirs: &Stack) -> Result<TakenOver, Vec<Conflict>> {
    let mine = history.now().stack.clone();
    let merged = merge(base, &mine, theirs)?;
    let taken_over = TakenOver { parts: changes(&mine, &merged), errors: new_errors(&mine, theirs, &merged) };
    if merged.is_same(&mine) {
        return Ok(taken_over);
    }
    let mut left = CARRIED_BYTES;
    history.carry(merged, |step| {
        left = left.checked_sub(step.text().len())?;
        merge(base, step, theirs).ok()
    });
    Ok(taken_over)
}

fn new_errors(mine: &Stack, theirs: &Stack, merged: &Stack) -> Vec<Finding> {
    if [mine, theirs].iter().any(|side| side.text() == merged.text()) {
        return Vec::new();
    }
    let errors =
        |stack: &Stack| check(stack).into_iter().filter(|finding| finding.severity == Severity::Error);
    let known: Vec<Finding> = errors(mine).chain(errors(theirs)).collect();
    let is_known = |error: &Finding| {
        known.iter().any(|one| {
            (&one.code, &one.service, &one.message) == (&error.code, &error.service, &error.message)
        })
    };
    errors(merged).filter(|error| !is_known(error)).collect()
}

/// Names of parts as a person would list them: "service `db` and volume `data`".
pub fn listed(parts: &[Part]) -> String {
    const MOST: usize = 4;
    let mut names: Vec<String> = parts.iter().take(MOST).map(Part::to_string).collect();
    if parts.len() > MOST {
        names.push(format!("{} more", parts.len() - MOST));
    }
    match names.split_last() {
        None => "positions on the canvas".to_owned(),
        Some((only, [])) => only.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use domain::stack::Edit;

    use super::{super::history::Moment, *};

    const BASE: &str = "services:\n  a:\n    image: x:1\n  b:\n    image: y:1\n";

    fn history_with(steps: &[&str]) -> History {
        let mut history = History::new(Stack::read(BASE));
        for step in steps {
            history.push(Moment::good(Stack::read(step)));
        }
        history
    }

    #[test]
    fn undo_takes_back_only_what_was_done_here() {
        let mut history = history_with(&[&BASE.replace("x:1", "x:2"), &BASE.replace("x:1", "x:3")]);
        let theirs = BASE.replace("y:1", "y:2");
        let taken_over = catch_up(&mut history, &Stack::read(BASE), &Stack::read(&theirs)).unwrap();
        assert_eq!(taken_over.parts, [Part::Service("b".to_owned())]);
        assert_eq!(history.now().text(), theirs.replace("x:1", "x:3"));
        history.undo();
        history.undo();
        assert_eq!(history.now().text(), theirs);
        assert!(!history.can_undo());
    }

    #[test]
    fn a_conflict_changes_nothing() {
        let mine = BASE.replace("x:1", "x:2");
        let mut history = history_with(&[&mine]);
        let theirs = Stack::read(&BASE.replace("x:1", "x:3"));
        let conflicts = catch_up(&mut history, &Stack::read(BASE), &theirs).unwrap_err();
        assert_eq!(conflicts[0].part, Part::Service("a".to_owned()));
        assert_eq!(history.now().text(), mine);
    }

    #[test]
    fn an_error_that_only_both_changes_make_is_reported() {
        let publish = |service: &str| {
            let port = domain::stack::PortSpec {
                published: Some("8080".to_owned()),
                target: "80".to_owned(),
                ..Default::default()
            };
            let edit = Edit::AddPort { service: service.to_owned(), port };
            Stack::read(BASE).apply(&edit).unwrap()
        };
        let mut history = History::new(publish("a"));
        let taken_over = catch_up(&mut history, &Stack::read(BASE), &publish("b")).unwrap();
        assert_eq!(taken_over.errors.len(), 1, "{:?}", taken_over.errors);
        assert!(history.now().text().matches("8080").count() == 2);
    }

    #[test]
    fn parts_are_listed_as_a_person_would() {
        let service = |name: &str| Part::Service(name.to_owned());
        assert_eq!(listed(&[service("a")]), "service `a`");
        assert_eq!(listed(&[service("a"), Part::TopLevel("name".to_owned())]), "service `a` and `name`");
        assert_eq!(listed(&["a", "b", "c", "d", "e", "f"].map(service)).matches("service").count(), 4);
        assert!(listed(&["a", "b", "c", "d", "e", "f"].map(service)).ends_with(" and 2 more"));
    }
}
