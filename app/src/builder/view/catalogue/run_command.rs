//! The dialog that turns `docker run` commands into services: it shows what would be added and what is left out.

use domain::{
    docker_run::{self, DockerRun},
    stack::Refusal,
};
use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    builder::{
        state::{actions, notices::Spot, session::use_session},
        view::{notices::RefusalAt, prose::Prose},
    },
    components::{Callout, Dialog, Look, TextArea, Tone},
};

#[component]
pub fn RunCommandDialog() -> impl IntoView {
    let session = use_session();
    let panels = session.panels;
    let read = Memo::new(move |_| {
        let text = panels.run_text.get();
        if text.trim().is_empty() { None } else { Some(docker_run::read(&text)) }
    });
    let ready = Memo::new(move |_| read.with(|read| matches!(read, Some(Ok(_)))));
    let add = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(Ok(runs)) = read.get_untracked() else { return };
        if actions::add_runs(session, &runs) {
            panels.run_text.set(String::new());
            panels.running.set(false);
        }
    };
    view! {
        <Dialog id="run-command" title="Add a docker run command" open=panels.running>
            <form class="flex flex-col gap-3" on:submit=add>
                <TextArea
                    id="run-text"
                    label="Command"
                    placeholder="docker run -p 8080:80 nginx:1.27"
                    rows=5
                    mono=true
                    bind=panels.run_text
                    on_input=move |value| panels.run_text.set(value)
                />
                <div class="flex flex-col gap-3" aria-live="polite">
                    {move || read.get().map(shown)}
                </div>
                <RefusalAt spot=Spot::RunCommand />
                <div class="flex justify-end">
                    // With a command from the clipboard there is nothing to fill in, so Enter adds the service at once.
                    <button
                        type="submit"
                        class=Look::Primary.class()
                        disabled=move || !ready.get()
                        data-first=move || ready.get().then_some("")
                        data-testid="run-add"
                    >
                        "Add to the stack"
                    </button>
                </div>
            </form>
        </Dialog>
    }
}

fn shown(read: Result<Vec<DockerRun>, Refusal>) -> AnyView {
    match read {
        Ok(runs) => runs.into_iter().map(summary).collect_view().into_any(),
        Err(refusal) => view! {
            <p class="text-error" data-testid="run-unreadable">
                <Prose text=refusal.message />
            </p>
        }
        .into_any(),
    }
}

fn summary(run: DockerRun) -> impl IntoView {
    let keys = run.keys().join(", ");
    view! {
        <div class="flex flex-col gap-1" data-testid="run-summary">
            <p>
                <span class="font-semibold">{run.suggested_name()}</span>
                " with "
                <span class="font-mono">{keys}</span>
            </p>
        </div>
        {(!run.notes.is_empty())
            .then(|| {
                view! {
                    <Callout tone=Tone::Warn title="Not taken over">
                        <ul class="flex list-disc flex-col gap-1 pl-4">
                            {run
                                .notes
                                .into_iter()
                                .map(|note| {
                                    view! {
                                        <li>
                                            <Prose text=note />
                                        </li>
                                    }
                                })
                                .collect_view()}
                        </ul>
                    </Callout>
                }
            })}
    }
}
