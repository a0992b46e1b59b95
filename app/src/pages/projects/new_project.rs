//! Ways to start a project: empty, from a compose file, or from a suggested stack. All are plain forms.

use domain::catalog::Category;
use leptos::{
    ev::SubmitEvent,
    html::{Form, Input},
    prelude::*,
    task::spawn_local,
};

use crate::{
    browser,
    builder::keep_broken,
    components::{
        Button, Dialog, DialogClose, DialogOpener, EmptyState, Glyph, Icon, Look, Sign, TextArea, TextInput,
    },
};

/// Longest project name that the use case accepts; input fields stop there.
pub(super) const MAX_NAME_CHARACTERS: u16 = 50;

const DIALOG: &str = "new-project";
/// Ids of fields.
const NAME: &str = "new-name";
const PASTED: &str = "new-compose";

#[component]
pub(super) fn NewProject() -> impl IntoView {
    view! {
        <DialogOpener dialog=DIALOG look=Look::Primary>
            <Icon sign=Sign::Plus />
            "New project"
        </DialogOpener>
    }
}

/// One form for both cases: without a compose file the project starts empty.
#[component]
pub(super) fn NewProjectDialog() -> impl IntoView {
    let (form, file) = (NodeRef::<Form>::new(), NodeRef::<Input>::new());
    view! {
        <Dialog id=DIALOG title="New project">
            <form
                node_ref=form
                method="post"
                action="/projects"
                enctype="multipart/form-data"
                class="flex flex-col gap-3"
                on:submit=move |event| keep_broken_text(&event, form, file)
            >
                <TextInput id=NAME label="Name" name="name" max_length=MAX_NAME_CHARACTERS required=true placeholder="My stack" />
                <details class="group rounded-panel hairline">
                    <summary class="flex min-h-control items-center gap-2 rounded-panel px-3 font-medium">
                        <span class="text-muted transition group-open:rotate-90">
                            <Icon sign=Sign::ChevronRight size=12 />
                        </span>
                        "Start from a compose file"
                    </summary>
                    <div class="flex flex-col gap-3 border-t border-line p-3">
                        <div class="flex flex-col gap-1">
                            <label for="new-file" class="font-medium">
                                "File"
                            </label>
                            <input
                                id="new-file"
                                node_ref=file
                                type="file"
                                name="file"
                                accept=".yml,.yaml,.json,text/yaml,application/yaml,application/json"
                                class="text-control file:mr-2 file:h-control file:rounded-control file:bg-sunken file:px-3 file:font-medium file:text-ink"
                            />
                        </div>
                        <TextArea
                            id=PASTED
                            label="Or paste it"
                            name="compose"
                            rows=6
                            mono=true
                            help="Stored unchanged: comments, order and anchors stay as they are."
                        />
                    </div>
                </details>
                <div class="flex flex-wrap justify-end gap-2 pt-1">
                    <DialogClose dialog=DIALOG>"Cancel"</DialogClose>
                    <Button look=Look::Primary kind="submit">
                        "Create project"
                    </Button>
                </div>
            </form>
        </Dialog>
    }
}

/// Text that is not valid YAML cannot be stored. The project is then created without it, and the builder shows the text with
/// its errors.
fn keep_broken_text(event: &SubmitEvent, form: NodeRef<Form>, file: NodeRef<Input>) {
    let (Some(form), Some(input)) = (form.get_untracked(), file.get_untracked()) else { return };
    let chosen = input.files().and_then(|files| files.get(0));
    let pasted = browser::value_of(PASTED);
    if chosen.is_none() && pasted.trim().is_empty() {
        return;
    }
    event.prevent_default();
    spawn_local(async move {
        let text = match chosen {
            Some(file) => browser::read_file(file).await,
            None => Ok(pasted),
        };
        // The server says what is wrong with a file that cannot be read.
        if text.is_ok_and(|text| keep_broken(&browser::value_of(NAME), &text)) {
            input.set_value("");
            browser::set_value_of(PASTED, "");
        }
        // Fails only if the form is no longer in the document.
        drop(form.submit());
    });
}

/// The server adds these catalogue apps to a new project and connects each app to those it can use.
struct StartingPoint {
    name: &'static str,
    text: &'static str,
    category: Category,
    apps: &'static [&'static str],
}

const STARTING_POINTS: [StartingPoint; 3] = [
    StartingPoint {
        name: "WordPress and MariaDB",
        text: "A website with its database, wired and checked for health.",
        category: Category::Content,
        apps: &["wordpress", "mariadb"],
    },
    StartingPoint {
        name: "Nextcloud and PostgreSQL",
        text: "Your own files, calendar and contacts.",
        category: Category::Files,
        apps: &["nextcloud", "postgres"],
    },
    StartingPoint {
        name: "Gitea and PostgreSQL",
        text: "Repositories, issues and reviews for a small team.",
        category: Category::Development,
        apps: &["gitea", "postgres"],
    },
];

/// Shown in place of an empty project list.
#[component]
pub(super) fn StartingPoints() -> impl IntoView {
    view! {
        <div class="rounded-panel bg-panel hairline">
            <EmptyState
                title="Build your first stack"
                text="Drag apps onto a canvas, connect them, and take away a compose file that is valid at every moment. Or open one you already have: it stays as it is, to the byte."
            >
                <NewProject />
            </EmptyState>
        </div>
        <h2 class="mt-2 text-lead font-semibold">"Or start from one of these"</h2>
        <Templates />
    }
}

/// The same stacks below a list of projects, folded away.
#[component]
pub(super) fn MoreTemplates() -> impl IntoView {
    view! {
        <details class="group">
            <summary class="flex min-h-control w-fit items-center gap-2 rounded-control pr-2 font-medium" data-testid="templates">
                <span class="text-muted transition group-open:rotate-90">
                    <Icon sign=Sign::ChevronRight size=12 />
                </span>
                "Start a project from a template"
            </summary>
            <div class="pt-2">
                <Templates />
            </div>
        </details>
    }
}

#[component]
fn Templates() -> impl IntoView {
    let points = STARTING_POINTS
        .iter()
        .map(|point| {
            let apps = point.apps.iter().map(|app| view! { <input type="hidden" name="app" value=*app /> }).collect_view();
            view! {
                <li>
                    <form method="post" action="/projects" enctype="multipart/form-data" class="h-full">
                        <input type="hidden" name="name" value=point.name />
                        {apps}
                        <button
                            type="submit"
                            class="flex h-full w-full flex-col gap-1 rounded-panel bg-panel p-4 text-left transition hairline hover:bg-sunken"
                        >
                            <span class="mb-1 text-accent">
                                <Glyph category=Some(point.category) size=24 />
                            </span>
                            <span class="text-control font-semibold">{point.name}</span>
                            <span class="text-muted">{point.text}</span>
                        </button>
                    </form>
                </li>
            }
        })
        .collect_view();
    view! { <ul class="grid gap-3 sm:grid-cols-3">{points}</ul> }
}
