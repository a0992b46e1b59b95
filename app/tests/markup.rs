//! Checks the server-rendered markup where a mistake would be a security hole or would break a page without scripts.
#![cfg(feature = "ssr")]

use app::components::{Badge, CodeArea, Dialog, DialogOpener, TextArea, TextInput};
use leptos::{html::Textarea, prelude::*};

const HOSTILE: &str = "</textarea><script>alert(1)</script>";

/// The markup of one view.
fn render<V: IntoView>(view: impl FnOnce() -> V) -> String {
    Owner::new().with(|| view().into_view().to_html())
}

#[test]
fn a_text_area_is_empty_in_the_page_whatever_it_is_bound_to() {
    let html = render(|| {
        let text = Signal::derive(|| HOSTILE.to_owned());
        let node_ref = NodeRef::<Textarea>::new();
        view! {
            <TextArea id="compose" label="Compose file" bind=text />
            <CodeArea id="code" label="Code" class="" bind=text on_input=|_| () node_ref />
        }
    });
    assert_eq!(html.matches("></textarea>").count(), 2, "{html}");
    assert!(!html.contains("alert"), "{html}");
}

#[test]
fn text_of_users_is_escaped_in_elements_and_attributes() {
    let html = render(|| {
        view! {
            <Badge>{HOSTILE}</Badge>
            <TextInput id="name" label=HOSTILE value="\" autofocus onfocus=\"alert(1)" help=HOSTILE />
        }
    });
    assert!(!html.contains("<script>"), "{html}");
    assert!(html.contains("value=\"&quot; autofocus"), "{html}");
}

#[test]
fn a_dialog_opens_without_scripts() {
    let html = render(|| {
        view! {
            <DialogOpener dialog="new">"New"</DialogOpener>
            <Dialog id="new" title="New project">
                "…"
            </Dialog>
        }
    });
    assert!(html.contains("commandfor=\"new\" command=\"show-modal\""), "{html}");
    assert!(html.contains("<dialog id=\"new\" aria-labelledby=\"new-title\""), "{html}");
}

#[test]
fn a_field_names_its_control_and_what_describes_it() {
    let html = render(|| {
        let error = Signal::derive(|| Some("Too long".to_owned()));
        view! { <TextInput id="tag" label="Tag" help="Like 1.27" error /> }
    });
    assert!(html.contains("<label for=\"tag\""), "{html}");
    assert!(html.contains("aria-describedby=\"tag-help tag-error\""), "{html}");
    assert!(html.contains("aria-invalid=\"true\""), "{html}");
    assert!(html.contains("Too long"), "{html}");
}
