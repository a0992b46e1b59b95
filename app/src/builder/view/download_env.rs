//! Downloading the values of the file's variables as `.env`. The browser stores the file without showing its content to this page.

use leptos::prelude::*;

use crate::{
    builder::state::session::use_session,
    components::{Icon, Look, Sign},
};

/// Shown when there are values and the user may see them. After the compose file was downloaded, it asks to be pressed too.
#[component]
pub fn DownloadEnv() -> impl IntoView {
    let session = use_session();
    let is_shown =
        Memo::new(move |_| session.can_edit() && session.document.read(|stack| !stack.values().is_empty()));
    let is_asked = session.panels.downloaded;
    // The file has what the server has, so the button waits for the save.
    let is_waiting = Memo::new(move |_| !session.is_on_server());
    view! {
        {move || {
            is_shown
                .get()
                .then(|| {
                    view! {
                        <form method="post" action=format!("/projects/{}/env", session.project) on:submit=move |_| is_asked.set(false)>
                            <button
                                type="submit"
                                class=move || if is_asked.get() { Look::Primary.class() } else { Look::Plain.class() }
                                data-testid="download-env"
                                title="The values that the compose file reads. Put both files into one folder."
                                disabled=move || is_waiting.get()
                            >
                                <Icon sign=Sign::Download />
                                ".env"
                                <span class="sr-only">", the values that the compose file reads"</span>
                            </button>
                            <span class="sr-only" role="status">
                                {move || is_asked.get().then_some("The compose file reads its values from .env: download that too.")}
                            </span>
                        </form>
                    }
                })
        }}
    }
}
