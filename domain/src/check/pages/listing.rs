//! The lists of `docs/rules.md`: the pages in short, a table for each chapter.

use super::{CHAPTERS, Page};
use crate::{
    check::{Code, Profile, known_code},
    finding::{Basis, Severity},
};

/// The chapters in Markdown: a heading and a table each.
pub fn listing() -> String {
    let mut text = String::new();
    for chapter in CHAPTERS {
        text.push_str(&format!(
            "\n## {}\n\n| code | severity | basis | profiles | reported when | fix |\n|---|---|---|---|---|---|\n",
            chapter.title
        ));
        chapter.pages.iter().for_each(|page| text.push_str(&row(page)));
    }
    text
}

fn row(page: &Page) -> String {
    let code = known_code(page.code);
    let cells = [
        format!("`{}`", page.code),
        severity(page.severity).to_owned(),
        code.map_or("", |code| basis(code.basis)).to_owned(),
        code.map(profiles).unwrap_or_default(),
        page.what.to_owned(),
        page.fix.to_owned(),
    ];
    let filled = |cell: &String| {
        if cell.is_empty() { "| ".to_owned() } else { format!("| {} ", cell.replace('|', "\\|")) }
    };
    cells.iter().map(filled).collect::<String>() + "|\n"
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}

fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Compose => "compose",
        Basis::Runtime => "runtime",
        Basis::Advice => "advice",
    }
}

fn profiles(code: Code) -> String {
    let names: Vec<_> = code.profiles().map(Profile::as_str).collect();
    if names.len() == Profile::ALL.len() { "all".to_owned() } else { names.join(", ") }
}

#[cfg(test)]
mod tests {
    use std::{env, fs, path::Path};

    use super::*;

    /// What follows is generated.
    const MARKER: &str = "<!-- The lists below are generated from domain/src/check/pages: run the tests with UPDATE_RULES=1. -->\n";

    #[test]
    fn the_document_lists_every_page() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/rules.md");
        let text = fs::read_to_string(&file).unwrap();
        let (head, lists) = text.split_once(MARKER).expect("the marker is in docs/rules.md");
        if env::var("UPDATE_RULES").is_ok_and(|value| value == "1") {
            fs::write(&file, format!("{head}{MARKER}{}", listing())).unwrap();
            return;
        }
        let is_same = lists == listing();
        assert!(is_same, "docs/rules.md is old: run `UPDATE_RULES=1 cargo test -p domain --lib pages`");
    }

    #[test]
    fn a_bar_in_a_cell_does_not_end_it() {
        let page = Page { what: "Either `a|b`.", ..*CHAPTERS[0].pages.first().unwrap() };
        assert!(row(&page).contains("| Either `a\\|b`. |"), "{}", row(&page));
    }
}
