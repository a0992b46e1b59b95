//! Examples. Random edits are merged in `tests/properties/merging.rs`, edits of real files in `tests/corpus/merging.rs`.

use super::*;
use crate::stack::{Canvas, Point};

const BASE: &str = r#"# The shop
services:
  # the front door
  web:
    image: nginx:1.27 # pinned
    depends_on: [db]

  # keeps everything
  db:
    image: postgres:17
    volumes:
      - data:/var/lib/postgresql/data

# ---- storage ----

volumes:
  data:
"#;

fn merged(base: &str, mine: &str, theirs: &str) -> Result<String, Vec<Conflict>> {
    let [base, mine, theirs] = [base, mine, theirs].map(Stack::read);
    merge(&base, &mine, &theirs).map(|stack| stack.text().to_owned())
}

fn disputed(base: &str, mine: &str, theirs: &str) -> Vec<String> {
    let conflicts = merged(base, mine, theirs).expect_err("both changed the same");
    conflicts.iter().map(|conflict| conflict.part.to_string()).collect()
}

#[test]
fn changes_of_two_services_come_together_with_their_comments() {
    let mine =
        BASE.replace("nginx:1.27 # pinned", "nginx:1.28 # newer").replace("# the front door", "# the gate");
    let theirs =
        BASE.replace("postgres:17", "postgres:18").replace("# ---- storage ----", "# ---- disks ----");
    let both = mine.replace("postgres:17", "postgres:18").replace("# ---- storage ----", "# ---- disks ----");
    assert_eq!(merged(BASE, &mine, &theirs), Ok(both.clone()));
    assert_eq!(merged(BASE, &theirs, &mine), Ok(both));
}

#[test]
fn each_side_may_add_services_and_volumes() {
    let add = |service: &str, volume: &str| {
        BASE.replace("/data\n\n#", &format!("/data\n\n  {service}:\n    image: {service}:1\n\n#"))
            + &format!("  {volume}:\n")
    };
    let (mine, theirs) = (add("cache", "fast"), add("mail", "slow"));
    let both = BASE
        .replace("/data\n\n#", "/data\n\n  cache:\n    image: cache:1\n\n  mail:\n    image: mail:1\n\n#")
        + "  fast:\n  slow:\n";
    assert_eq!(merged(BASE, &mine, &theirs), Ok(both));
}

#[test]
fn a_file_may_begin_on_both_sides_at_once() {
    let both =
        merged("", "services:\n  a:\n    image: x\n", "services:\n  b:\n    image: y\nvolumes:\n  v:\n");
    assert_eq!(both.as_deref(), Ok("services:\n  a:\n    image: x\n  b:\n    image: y\nvolumes:\n  v:\n"));
}

#[test]
fn the_last_line_may_have_no_end() {
    let base = "services:\n  a:\n    image: x";
    let add = |name: &str| format!("{base}\n  {name}:\n    image: {name}");
    let both = "services:\n  a:\n    image: x\n  b:\n    image: b\n  c:\n    image: c";
    assert_eq!(merged(base, &add("b"), &add("c")).as_deref(), Ok(both));
}

#[test]
fn a_section_stays_for_what_the_other_side_added_to_it() {
    let base = "services:\n  a:\n    image: x\nvolumes:\n  v:\n";
    let mine = "services:\n  a:\n    image: x\n";
    let theirs = "services:\n  a:\n    image: x\nvolumes:\n  v:\n  w:\n";
    assert_eq!(merged(base, mine, theirs).as_deref(), Ok("services:\n  a:\n    image: x\nvolumes:\n  w:\n"));
    let both_removed = "services:\n  a:\n    image: x\nvolumes:\n  v: # one\n  w:\n";
    let without = |name: &str| both_removed.replace(name, "");
    assert_eq!(merged(both_removed, &without("  v: # one\n"), &without("  w:\n")).as_deref(), Ok(mine));
}

#[test]
fn the_same_change_on_both_sides_is_no_conflict() {
    let pinned = BASE.replace("postgres:17", "postgres:18");
    let more = pinned.replace("nginx:1.27", "nginx:1.28");
    assert_eq!(merged(BASE, &pinned, &more), Ok(more));
}

#[test]
fn a_conflict_says_what_it_is_about_and_where_each_side_has_it() {
    let mine = BASE.replace("nginx:1.27", "nginx:1.28");
    let theirs = BASE.replace("nginx:1.27", "nginx:1.29").replace("postgres:17", "postgres:18");
    let conflicts = merged(BASE, &mine, &theirs).unwrap_err();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].part, Part::Service("web".to_owned()));
    let place = conflicts[0].theirs.unwrap().slice(&theirs);
    assert_eq!(place, "  # the front door\n  web:\n    image: nginx:1.29 # pinned\n    depends_on: [db]");
    assert!(conflicts[0].mine.unwrap().slice(&mine).contains("nginx:1.28"));
}

#[test]
fn removing_what_the_other_changed_is_a_conflict() {
    let (db, data) = (BASE.find("  # keeps").unwrap(), BASE.find("# ---- storage").unwrap());
    let mine = format!("{}{}", &BASE[..db], &BASE[data..]);
    let theirs = BASE.replace("postgres:17", "postgres:18");
    let conflicts = merged(BASE, &mine, &theirs).unwrap_err();
    assert_eq!(conflicts[0].part.to_string(), "service `db`");
    assert_eq!(conflicts[0].mine, None);
}

#[test]
fn other_keys_are_merged_as_a_whole() {
    let base = "name: shop\nx-base: &base\n  restart: always\nservices:\n  a:\n    <<: *base\n    image: x\n";
    let mine = base.replace("always", "\"no\"");
    assert_eq!(
        merged(base, &mine, &base.replace("image: x", "image: y")),
        Ok(mine.replace("image: x", "image: y"))
    );
    assert_eq!(disputed(base, &mine, &base.replace("always", "unless-stopped")), ["`x-base`"]);
    assert_eq!(disputed(base, &base.replace("shop", "a"), &base.replace("shop", "b")), ["`name`"]);
}

#[test]
fn what_no_longer_fits_together_is_a_conflict_about_the_file() {
    // An anchor goes on one side, and is used on the other.
    let base = "x-a: &a {A: 1}\nservices:\n  a:\n    image: x\n  b:\n    image: y\n";
    let mine = base.replace("x-a: &a {A: 1}\n", "");
    let theirs = base.replace("image: y", "image: y\n    environment: *a");
    assert_eq!(disputed(base, &mine, &theirs), ["the file"]);
    // Other indentation on one side.
    let mine = base.replace("\n  ", "\n    ").replace("\n      ", "\n        ");
    assert_eq!(disputed(base, &mine, &(base.to_owned() + "  c:\n    image: z\n")), ["the file"]);
    let json = r#"{"services": {"a": {"image": "x"}}}"#;
    assert_eq!(disputed(json, &json.replace("x", "y"), &json.replace("x", "z")), ["the file"]);
    let conflicts = merged(json, "a: 1\nb: 2\nc: 3\n", "a: 1\nb: 3\nc: 3\n").unwrap_err();
    assert_eq!(conflicts[0].mine, Some(Place::new(5, 10)));
}

#[test]
fn no_side_loses_a_comment_that_stands_alone() {
    // Mine removes the service after which theirs adds a remark.
    let base = "services:\n  a:\n    image: x\n\n  b:\n    image: y\n\n  c:\n    image: z\n";
    let mine = base.replace("  b:\n    image: y\n\n", "");
    let theirs = base.replace("image: y\n\n", "image: y\n\n# not forever\n\n");
    assert_eq!(disputed(base, &mine, &theirs), ["the file"]);
}

#[test]
fn a_preference_decides_only_what_is_disputed() {
    let mine = BASE.replace("nginx:1.27", "nginx:1.28") + "  mine:\n";
    let theirs = BASE.replace("nginx:1.27", "nginx:1.29").replace("postgres:17", "postgres:18");
    let decided = |side| {
        let [base, mine, theirs] = [BASE, &mine, &theirs].map(Stack::read);
        merge_preferring(side, &base, &mine, &theirs).text().to_owned()
    };
    assert_eq!(decided(Side::Mine), mine.replace("postgres:17", "postgres:18"));
    assert_eq!(decided(Side::Theirs), theirs.clone() + "  mine:\n");
}

#[test]
fn changes_are_named_by_their_parts() {
    let after = BASE.replace("nginx:1.27", "nginx:1.28").replace("  data:\n", "  files:\n");
    let named = |before: &str, after: &str| {
        let changes = changes(&Stack::read(before), &Stack::read(after));
        changes.iter().map(Part::to_string).collect::<Vec<_>>()
    };
    assert_eq!(named(BASE, &after), ["service `web`", "volume `files`", "volume `data`"]);
    assert_eq!(named(BASE, &BASE.replace("storage", "disks")), ["the file"]);
    assert!(named(BASE, BASE).is_empty());
}

#[test]
fn positions_and_notes_are_merged_by_service() {
    let at = |x, note: &str| {
        let mut canvas = Canvas::default();
        canvas.positions.insert("web".to_owned(), Point { x, y: 0 });
        canvas.notes.insert("db".to_owned(), note.to_owned());
        canvas
    };
    let base = Stack::read(BASE).with_canvas(at(0, "a"));
    let stack = |canvas| Stack::read(BASE).with_canvas(canvas);
    let both = merge(&base, &stack(at(20, "a")), &stack(at(0, "b"))).unwrap();
    assert_eq!(*both.canvas(), at(20, "b"));
    let moved = merge(&base, &stack(at(20, "a")), &stack(at(40, "a"))).unwrap();
    assert_eq!(*moved.canvas(), at(20, "a"));
    let conflicts = merge(&base, &stack(at(0, "b")), &stack(at(0, "c"))).unwrap_err();
    assert_eq!(conflicts[0].part, Part::Note("db".to_owned()));
}

#[test]
fn a_removed_service_takes_its_position_along() {
    let text = "services:\n  a:\n    image: x\n  b:\n    image: y\n";
    let at = |x| Canvas { positions: [("b".to_owned(), Point { x, y: 0 })].into(), ..Canvas::default() };
    let base = Stack::read(text).with_canvas(at(0));
    let mine = Stack::read(text).with_canvas(at(20));
    let theirs = Stack::read("services:\n  a:\n    image: x\n");
    assert_eq!(*merge(&base, &mine, &theirs).unwrap().canvas(), Canvas::default());
}
