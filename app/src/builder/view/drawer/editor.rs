//! The editor of the compose file: a transparent text area above coloured lines.
//!
//! The server renders the lines, so they can be read without a script; the text area takes the input. Both have the same
//! font, line height and padding, and grow with the text, so that only the frame around them scrolls.

use domain::compose::Place;
use leptos::{ev::KeyboardEvent, html, leptos_dom::helpers::TimeoutHandle, prelude::*};

use super::marks::{GutterMarks, LINE_HEIGHT};
use crate::{
    builder::{
        model::{
            indent::{self, Selected},
            lines::{self, Line, Piece, Token},
            marks::marks,
            selection::Selection,
            typed::{byte_of_cursor, changed_until, cursor_of_byte, shown},
        },
        state::{
            document::Document,
            notices::Spot,
            panels::Reveal,
            session::{Session, use_session},
            shortcuts::{Shortcut, shortcut},
        },
        view::notices::RefusalAt,
    },
    components::CodeArea,
};

/// After a pause of this length, the next keystroke begins another undo step.
const PAUSE: std::time::Duration = std::time::Duration::from_secs(1);

#[component]
pub fn Editor() -> impl IntoView {
    let session = use_session();
    let frame = NodeRef::<html::Div>::new();
    let area = NodeRef::<html::Textarea>::new();
    let Document { written, findings, .. } = session.document;
    let lines = Memo::new(move |_| {
        written.with(|written| findings.with(|findings| lines::lines(written.text(), findings)))
    });
    let marks =
        Memo::new(move |_| written.with(|written| findings.with(|findings| marks(written.text(), findings))));
    let broken = Memo::new(move |_| session.document.is_broken());
    bring_into_view(session, frame, area);
    let settling = StoredValue::new(None::<TimeoutHandle>);
    let input = move |value: String| {
        session.type_text(&value);
        if let Some(earlier) = settling.get_value() {
            earlier.clear();
        }
        settling.set_value(set_timeout_with_handle(move || session.document.settle(), PAUSE).ok());
    };
    // Tab goes through the text like through any field, so that the keyboard is not caught in it. Only while the user works in
    // the text does it indent; Escape ends that.
    let passing = StoredValue::new(true);
    let key = move |event: KeyboardEvent| {
        let key = event.key();
        if key == "Tab" && passing.get_value() {
            return;
        }
        passing.set_value(key == "Escape" || (passing.get_value() && key == "Shift"));
        if !indent_in_text(session, area, &event) {
            undo_in_text(session, area, &event);
        }
    };
    view! {
        <div class="editor" node_ref=frame data-testid="compose-editor">
            {move || {
                broken
                    .get()
                    .then(|| {
                        view! {
                            <p class="editor-broken" role="status" data-testid="compose-broken">
                                "Invalid YAML: not saved. The canvas shows the last valid version. This browser keeps your text until it can be saved."
                            </p>
                        }
                    })
            }}
            <RefusalAt spot=Spot::Text />
            <div class="editor-sheet">
                <SelectedBand />
                <div class="editor-lines" data-testid="compose-lines">
                    <For
                        each=move || lines.get()
                        key=Clone::clone
                        children=|line: Line| view! { <div class="editor-line">{pieces(line.pieces)}</div> }
                    />
                </div>
                <CodeArea
                    id="compose-text"
                    label="Compose file"
                    class="editor-area"
                    bind=Signal::derive(move || written.with(|written| shown(written.text())))
                    on_input=Callback::new(input)
                    read_only=Signal::derive(move || !session.can_edit() || !session.ready.get())
                    node_ref=area
                    attr:data-testid="compose-text"
                    attr:aria-describedby="compose-text-keys"
                    on:keydown=key
                    on:keyup=move |_| select_at_cursor(session, area)
                    on:click=move |_| {
                        passing.set_value(false);
                        select_at_cursor(session, area);
                    }
                    on:blur=move |_| {
                        passing.set_value(true);
                        session.document.settle();
                    }
                />
                <GutterMarks marks />
            </div>
            <p id="compose-text-keys" class="sr-only">
                "While you type, Tab indents. To leave the text, press Escape and then Tab."
            </p>
        </div>
    }
}

/// Enter keeps the indentation, Tab and Shift+Tab change it. Returns false for other keys.
fn indent_in_text(session: Session, area: NodeRef<html::Textarea>, event: &KeyboardEvent) -> bool {
    if event.ctrl_key() || event.meta_key() || event.alt_key() || event.is_composing() || !session.can_edit()
    {
        return false;
    }
    let change = match (event.key().as_str(), event.shift_key()) {
        ("Enter", false) => indent::new_line,
        ("Tab", false) => indent::indent,
        ("Tab", true) => indent::outdent,
        _ => return false,
    };
    let Some(area) = area.get_untracked() else { return false };
    let text = area.value();
    let cursor =
        |at: Option<u32>| byte_of_cursor(&text, at.and_then(|at| usize::try_from(at).ok()).unwrap_or(0));
    let (start, end) =
        (cursor(area.selection_start().ok().flatten()), cursor(area.selection_end().ok().flatten()));
    let after = change(&Selected { text: text.clone(), start, end: end.max(start) });
    event.prevent_default();
    area.set_value(&after.text);
    let unit = |at: usize| u32::try_from(cursor_of_byte(&after.text, at)).unwrap_or(0);
    drop(area.set_selection_range(unit(after.start), unit(after.end)));
    session.type_text(&after.text);
    true
}

fn pieces(pieces: Vec<Piece>) -> impl IntoView {
    pieces
        .into_iter()
        .map(|piece| {
            let class = match piece.token {
                Token::Plain => "",
                Token::Key => "yaml-key",
                Token::Text => "yaml-text",
                Token::Comment => "yaml-comment",
                Token::Punctuation => "yaml-punctuation",
            };
            view! {
                <span class=class data-mark=piece.mark>
                    {piece.text}
                </span>
            }
        })
        .collect_view()
}

/// The tint behind the lines of the selected service.
#[component]
fn SelectedBand() -> impl IntoView {
    let session = use_session();
    let band = Memo::new(move |_| {
        let name = session.selection.now.with(|selection| selection.only().map(str::to_owned))?;
        if session.document.is_broken() {
            return None;
        }
        let place = session.document.read(|stack| {
            stack.model().service(&name).map(|service| (service.key.start, service.place.end))
        })?;
        let (first, last) = session.document.written.with(|written| {
            let text = written.text();
            // The body's end may be the start of the next line.
            let body = text.get(place.0..place.1).map_or(place.1, |body| place.0 + body.trim_end().len());
            (lines::line_of(text, place.0), lines::line_of(text, body))
        });
        Some((first, last + 1 - first))
    });
    move || {
        band.get().map(|(first, count)| {
            view! {
                <div
                    class="editor-band"
                    style:top=format!("{}px", first * LINE_HEIGHT)
                    style:height=format!("{}px", count * LINE_HEIGHT)
                ></div>
            }
        })
    }
}

/// In the text, undo and redo act on the whole stack too. The cursor moves to where the text has changed.
fn undo_in_text(session: Session, area: NodeRef<html::Textarea>, event: &KeyboardEvent) {
    let Some(shortcut @ (Shortcut::Undo | Shortcut::Redo)) = shortcut(event) else { return };
    event.prevent_default();
    let text_now = || session.document.now_untracked(|now| shown(now.text()));
    let before = text_now();
    if shortcut == Shortcut::Undo {
        session.undo()
    } else {
        session.redo()
    }
    let after = text_now();
    if let Some(area) = area.get_untracked()
        && before != after
    {
        area.set_value(&after);
        let cursor = u32::try_from(changed_until(&before, &after)).unwrap_or(0);
        drop(area.set_selection_range(cursor, cursor));
    }
}

/// Selects the service whose lines contain the cursor.
fn select_at_cursor(session: Session, area: NodeRef<html::Textarea>) {
    let Some(cursor) = area.get_untracked().and_then(|area| area.selection_start().ok().flatten()) else {
        return;
    };
    let found = session.document.now_untracked(|now| {
        if now.broken.is_some() {
            return None;
        }
        let offset = byte_of_cursor(now.text(), usize::try_from(cursor).unwrap_or(0));
        now.stack.model().service_at(offset).map(|service| service.name.clone())
    });
    if let Some(name) = found
        && session.selection.now.with_untracked(|selection| selection.only() != Some(name.as_str()))
    {
        session.select(Selection::service(&name));
    }
}

/// Scrolls to the requested place and, if requested, puts the cursor there.
fn bring_into_view(session: Session, frame: NodeRef<html::Div>, area: NodeRef<html::Textarea>) {
    Effect::new(move |_| {
        let Some(Reveal { place, take_focus }) = session.panels.reveal.get() else { return };
        // Waits until the text of the same change has been drawn.
        request_animation_frame(move || {
            let Some(frame) = frame.get_untracked() else { return };
            session.document.now_untracked(|now| scroll_to(now.text(), place, &frame));
            if let (true, Some(area)) = (take_focus, area.get_untracked()) {
                let (start, end) = session.document.now_untracked(|now| {
                    (cursor_of_byte(now.text(), place.start), cursor_of_byte(now.text(), place.end))
                });
                let unit = |cursor: usize| u32::try_from(cursor).unwrap_or(0);
                drop(area.set_selection_range(unit(start), unit(end)));
                let options = web_sys::FocusOptions::new();
                options.set_prevent_scroll(true);
                drop(area.focus_with_options(&options));
            }
        });
    });
}

/// Scrolls only if the place is out of sight, because text that jumps without need is hard to read.
fn scroll_to(text: &str, place: Place, frame: &web_sys::HtmlDivElement) {
    let pixels = |line: usize| i32::try_from(line * LINE_HEIGHT).unwrap_or(i32::MAX);
    let (first, last) = (lines::line_of(text, place.start), lines::line_of(text, place.end));
    let (top, height) = (frame.scroll_top(), frame.client_height());
    let seen = pixels(first) >= top && pixels(last.min(first + 3) + 1) <= top + height;
    if !seen {
        frame.set_scroll_top((pixels(first) - height / 4).max(0));
    }
}
