//! A text in which code is marked by backticks, as rules, refusals and errors write it: "there is no service `db`".

use leptos::prelude::*;

/// Shows what is between backticks as `<code>`. Use it for every text that comes from elsewhere.
#[component]
pub fn MarkedText(#[prop(into)] text: String) -> impl IntoView {
    parts(&text)
        .into_iter()
        .map(|(is_code, part)| {
            if is_code {
                view! { <code class="rounded-control bg-sunken px-0.5 font-mono wrap-anywhere">{part}</code> }
                    .into_any()
            } else {
                view! { <span>{part}</span> }.into_any()
            }
        })
        .collect_view()
}

/// The text cut at its backticks; the flag says whether a part is code.
fn parts(text: &str) -> Vec<(bool, String)> {
    let pieces: Vec<&str> = text.split('`').collect();
    // With an odd number of backticks, the last one is a plain character.
    let closed = if pieces.len() % 2 == 1 { pieces.len() } else { pieces.len() - 1 };
    let mut all: Vec<(bool, String)> = Vec::new();
    for (number, piece) in pieces.iter().enumerate() {
        if number >= closed {
            all.push((false, format!("`{piece}")));
        } else if !piece.is_empty() {
            all.push((number % 2 == 1, (*piece).to_owned()));
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_between_backticks_is_code() {
        let all = parts("Write `a:b` in `c`.");
        let shown: Vec<_> = all.iter().map(|(is_code, part)| (*is_code, part.as_str())).collect();
        assert_eq!(shown, [(false, "Write "), (true, "a:b"), (false, " in "), (true, "c"), (false, ".")]);
    }

    #[test]
    fn a_lonely_backtick_is_a_character() {
        let all: String = parts("it`s").into_iter().map(|(_, part)| part).collect();
        assert_eq!(all, "it`s");
    }
}
