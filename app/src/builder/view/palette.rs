//! The command palette (Ctrl+K): every action of the builder by name.

use std::sync::Arc;

use domain::{access::ProjectRole, catalog};
use leptos::{ev::KeyboardEvent, prelude::*};

use super::{canvas::fit, download};
use crate::{
    browser,
    builder::state::{
        actions,
        session::{Session, use_session},
        view_port::Shown,
    },
    components::{CONTROL, Dialog},
};

/// More matches than this are not shown: typing another letter is quicker than reading them.
const MOST: usize = 12;

#[derive(Clone)]
struct Command {
    label: String,
    /// The keys that do the same.
    keys: &'static str,
    /// Not a `Callback`, which would end with the open palette: the action runs after it has closed.
    run: Arc<dyn Fn() + Send + Sync>,
}

fn command(label: impl Into<String>, keys: &'static str, run: impl Fn() + Send + Sync + 'static) -> Command {
    Command { label: label.into(), keys, run: Arc::new(run) }
}

/// What can be done now. Computed when the palette opens.
fn commands(session: Session) -> Vec<Command> {
    let panels = session.panels;
    let operation = session.operation;
    let show = move |shown| move || session.view_port.shown.set(shown);
    let drawer = move |tab: &'static str| {
        move || {
            panels.drawer_tab.set(tab);
            panels.sizes.drawer_open.set(true);
        }
    };
    let mut all = Vec::new();
    if session.can_edit() {
        all.extend([
            command("Undo", "Ctrl + Z", move || session.undo()),
            command("Redo", "Ctrl + Shift + Z", move || session.redo()),
            command("Add an image…", "", move || panels.adding_image.set(true)),
            command("Add a docker run command…", "Ctrl + V", move || panels.read_run("")),
            command("Import a compose file…", "", move || panels.importing.set(true)),
        ]);
    }
    if session.role >= ProjectRole::Operator {
        all.push(command("Deploy…", "", move || operation.deploy(None)));
    }
    all.extend([
        command("Download the compose file", "", move || download::start(session)),
        command("Fit everything", "0", move || {
            fit(session);
        }),
        command("Show the canvas", "", show(Shown::Canvas)),
        command("Show the list", "", show(Shown::List)),
        command("Show the compose file", "", drawer("compose")),
        command("Show the problems", "", drawer("problems")),
        command("Search the catalogue", "/", || browser::focus("catalogue-search")),
        command("Keyboard shortcuts", "?", move || panels.helping.set(true)),
    ]);
    session.document.picture.with_untracked(|picture| {
        all.extend(picture.nodes.iter().map(|node| {
            let name = node.service.clone();
            command(format!("Go to {name}"), "", move || {
                session.select_service(&name);
                request_animation_frame(|| browser::focus("inspector"));
            })
        }));
    });
    if session.can_edit() {
        let add = |app: &'static catalog::App| {
            command(format!("Add {}", app.name), "", move || {
                actions::add_app(session, app, None);
            })
        };
        all.extend(catalog::apps().iter().map(add));
    }
    all
}

#[component]
pub fn CommandPalette() -> impl IntoView {
    let session = use_session();
    let open = session.panels.commanding;
    view! {
        <Dialog id="commands" title="All actions" open>
            {move || open.get().then(|| view! { <Search /> })}
        </Dialog>
    }
}

#[component]
fn Search() -> impl IntoView {
    let session = use_session();
    let all = StoredValue::new(commands(session));
    let query = RwSignal::new(String::new());
    let chosen = RwSignal::new(0_usize);
    // Numbers of the commands that contain every word.
    let found = Memo::new(move |_| {
        let query = query.get().to_lowercase();
        all.with_value(|all| {
            let matches = |label: &str| {
                let label = label.to_lowercase();
                query.split_whitespace().all(|word| label.contains(word))
            };
            let numbers = all.iter().enumerate().filter(|(_, command)| matches(&command.label));
            numbers.map(|(number, _)| number).take(MOST).collect::<Vec<_>>()
        })
    });
    let run = move |number: usize| {
        let Some(run) = all.with_value(|all| all.get(number).map(|command| command.run.clone())) else {
            return;
        };
        session.panels.commanding.set(false);
        // The dialog gives the focus back first; then the action may take it.
        request_animation_frame(move || run());
    };
    let key = move |event: KeyboardEvent| {
        let count = found.with_untracked(Vec::len).max(1);
        match event.key().as_str() {
            "ArrowDown" => chosen.update(|chosen| *chosen = (*chosen + 1) % count),
            "ArrowUp" => chosen.update(|chosen| *chosen = (*chosen + count - 1) % count),
            "Enter" => {
                let number = found.with_untracked(|found| found.get(chosen.get_untracked()).copied());
                number.into_iter().for_each(run);
            }
            _ => return,
        }
        event.prevent_default();
    };
    let option_id = |number: usize| format!("command-{number}");
    let current =
        move || found.with(|found| found.get(chosen.get()).copied().map(option_id)).unwrap_or_default();
    view! {
        <div class="flex flex-col gap-2">
            <input
                type="text"
                class=CONTROL
                data-testid="command-search"
                role="combobox"
                aria-label="Find an action"
                aria-expanded="true"
                aria-controls="command-list"
                aria-activedescendant=current
                placeholder="What do you want to do?"
                autocomplete="off"
                spellcheck="false"
                on:input=move |event| {
                    query.set(event_target_value(&event));
                    chosen.set(0);
                }
                on:keydown=key
            />
            <ul id="command-list" role="listbox" aria-label="Actions" class="flex max-h-[50dvh] flex-col overflow-y-auto">
                {move || {
                    found
                        .get()
                        .into_iter()
                        .enumerate()
                        .map(|(place, number)| {
                            let (label, keys) = all
                                .with_value(|all| {
                                    all.get(number).map(|command| (command.label.clone(), command.keys)).unwrap_or_default()
                                });
                            let is_chosen = move || chosen.get() == place;
                            view! {
                                <li
                                    id=option_id(number)
                                    role="option"
                                    class="command"
                                    aria-selected=move || if is_chosen() { "true" } else { "false" }
                                    on:click=move |_| run(number)
                                >
                                    <span class="min-w-0 flex-1 wrap-anywhere">{label}</span>
                                    <kbd class="text-caption text-muted">{keys}</kbd>
                                </li>
                            }
                        })
                        .collect_view()
                }}
            </ul>
            {move || {
                found
                    .with(Vec::is_empty)
                    .then(|| view! { <p role="status" class="text-muted">"No action of this name."</p> })
            }}
        </div>
    }
}
