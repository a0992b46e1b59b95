use proptest::prelude::*;

use crate::{
    language::{
        WithDeclaration, completion, definition, hover, outline,
        positions::{Lines, Utf16Position},
        references, service_at,
    },
    stack::Stack,
};

fn ask_everything(text: &str, offset: usize) {
    let stack = Stack::read(text);
    for found in completion(&stack, offset) {
        assert!(text.get(found.replace.start..found.replace.end).is_some(), "{:?}", found.replace);
    }
    if let Some(found) = hover(&stack, offset) {
        assert!(text.get(found.place.start..found.place.end).is_some());
    }
    definition(&stack, offset);
    references(&stack, offset, WithDeclaration::Yes);
    service_at(&stack, offset);
    outline(&stack);
    let line = u32::try_from(offset).unwrap_or(u32::MAX);
    Lines::of(text).offset(Utf16Position { line, character: line });
}

/// Lines that resemble those of compose files.
fn line() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "services:",
        "web:",
        "db:",
        "depends_on:",
        "- ",
        "-",
        "image:",
        "volumes:",
        "networks:",
        "data:/x",
        "${",
        "${A",
        "}",
        "$",
        "[",
        "]",
        "{",
        ",",
        ": ",
        "'",
        "\"",
        "#",
        " # x",
        "&a",
        "*a",
        "<<:",
        "|",
        ">",
        "🚢",
        "é",
        "\t",
        "\r",
        "- type: ",
        "healthcheck:",
        "test:",
        "deploy: {",
        "x:",
        "service:db",
        "!x",
        "? ",
        "---",
        "%",
    ]);
    (0usize..6, prop::collection::vec(part, 0..5))
        .prop_map(|(indent, parts)| format!("{}{}", "  ".repeat(indent), parts.concat()))
}

proptest! {
    #[test]
    fn at_any_offset_of_any_text(text in any::<String>(), offset in 0usize..200) {
        ask_everything(&text, offset);
    }

    #[test]
    fn at_any_offset_of_half_a_file(lines in prop::collection::vec(line(), 0..8), offset in 0usize..200) {
        ask_everything(&lines.join("\n"), offset);
    }
}

#[test]
fn at_every_offset_of_a_whole_file_also_while_it_is_cut() {
    let text = "services:\r\n  web: &w\r\n    image: \"nginx:${TAG:-1}\"\r\n    depends_on:\r\n      db: {condition: service_healthy}\r\n    volumes:\r\n    - data:/x\r\n  db:\r\n    <<: *w\r\nvolumes:\r\n  data:\r\n";
    for offset in 0..=text.len() + 2 {
        ask_everything(text, offset);
        ask_everything(text.get(..offset).unwrap_or_default(), offset);
    }
}

#[test]
fn a_large_file_is_answered_in_time() {
    let service =
        |number: usize| format!("  s{number}:\n    image: nginx\n    depends_on: [s{}]\n", number / 2);
    let text = format!("services:\n{}", (0..15_000).map(service).collect::<String>());
    let stack = Stack::read(&text);
    let begin = std::time::Instant::now();
    for offset in [0, text.len() / 2, text.len()] {
        completion(&stack, offset);
        hover(&stack, offset);
        definition(&stack, offset);
        outline(&stack);
    }
    // Linear work takes a fraction of this, squared work far more.
    assert!(begin.elapsed() < std::time::Duration::from_secs(10), "{:?}", begin.elapsed());
}
