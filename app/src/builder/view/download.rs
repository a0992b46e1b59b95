//! Downloading the compose file.

use leptos::prelude::*;

use crate::{
    browser,
    builder::state::session::use_session,
    components::{Icon, Look, Sign},
};

/// The name that compose looks for by default.
const FILE_NAME: &str = "docker-compose.yml";

/// Without scripts, a plain link to the saved file. After hydration, downloads the text in the editor, saved or not.
#[component]
pub fn Download() -> impl IntoView {
    let session = use_session();
    let take = move |event: leptos::ev::MouseEvent| {
        let text = session.document.now_untracked(|now| now.text().to_owned());
        if browser::download(FILE_NAME, "application/yaml", &text).is_ok() {
            event.prevent_default();
            session.panels.downloaded.set(true);
        }
    };
    view! {
        <a
            href=format!("/projects/{}/docker-compose.yml", session.project)
            rel="external"
            download=FILE_NAME
            class=Look::Plain.class()
            data-testid="download"
            on:click=take
        >
            <Icon sign=Sign::Download />
            <span class="max-md:sr-only">"Download"</span>
        </a>
    }
}
