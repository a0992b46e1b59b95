//! Downloading the compose file. If the text is not valid, the builder asks which text is meant.

use leptos::prelude::*;

use crate::{
    browser,
    builder::state::session::{Session, use_session},
    components::{Button, Dialog, Icon, Look, Sign},
};

/// The name that compose looks for by default.
const FILE_NAME: &str = "docker-compose.yml";

/// Downloads the text in the editor, saved or not. Asks first if it is not valid YAML.
pub fn start(session: Session) {
    if session.document.now_untracked(|now| now.broken.is_some()) {
        session.panels.downloading.set(true);
    } else {
        save(session, &session.document.now_untracked(|now| now.text().to_owned()));
    }
}

/// Returns false if the browser did not take the file.
fn save(session: Session, text: &str) -> bool {
    let is_taken = browser::download(FILE_NAME, "application/yaml", text).is_ok();
    if is_taken {
        session.panels.downloaded.set(true);
    }
    is_taken
}

/// Before the code has loaded, a plain link to the saved file.
#[component]
pub fn Download() -> impl IntoView {
    let session = use_session();
    let take = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        start(session);
    };
    view! {
        <a
            href=format!("/projects/{}/docker-compose.yml", session.project)
            rel="external"
            download=FILE_NAME
            class=format!("{} max-lg:justify-start", Look::Quiet.class())
            data-testid="download"
            on:click=take
        >
            <Icon sign=Sign::Download />
            "Download"
        </a>
    }
}

#[component]
pub fn DownloadDialog() -> impl IntoView {
    let session = use_session();
    let open = session.panels.downloading;
    let take = move |text: String| {
        if save(session, &text) {
            open.set(false);
        }
    };
    view! {
        <Dialog id="download-dialog" title="Which text do you want?" open>
            <div class="flex flex-col gap-4" data-testid="download-choice">
                <p>
                    "The compose file is not valid YAML at the moment, so Compose would reject it. You can download the last valid version, which is what the canvas shows, or the text exactly as it is."
                </p>
                <div class="flex flex-wrap justify-end gap-2">
                    <Button
                        look=Look::Plain
                        attr:data-testid="download-as-it-is"
                        on:click=move |_| take(session.document.now_untracked(|now| now.text().to_owned()))
                    >
                        "The text as it is"
                    </Button>
                    <Button
                        look=Look::Primary
                        attr:data-testid="download-valid"
                        on:click=move |_| take(session.document.stack().text().to_owned())
                    >
                        "The last valid version"
                    </Button>
                </div>
            </div>
        </Dialog>
    }
}
