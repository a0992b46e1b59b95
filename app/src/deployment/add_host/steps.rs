//! The three steps with their commands, and all of them in one line.

use domain::api::SetupCommands;
use leptos::prelude::*;

use super::progress::Progress;
use crate::components::{CopyLine, Icon, Sign};

#[component]
pub fn Steps(commands: Signal<SetupCommands>, progress: Memo<Progress>) -> impl IntoView {
    let get = move || match commands.get().get {
        Some(command) => view! { <CopyLine label="Command for step 1" text=command /> }.into_any(),
        None => view! {
            <p class="text-muted">
                "This server has no program for that platform. Build it or copy it there as "
                <code class="font-mono">"stacker"</code>"; docs/agents.md says how, and how to offer it here."
            </p>
        }
        .into_any(),
    };
    let join = move || view! { <CopyLine label="Command for step 2" text=commands.get().join /> };
    let run = move || view! { <CopyLine label="Command for step 3" text=commands.get().run /> };
    let all = move || view! { <CopyLine label="All steps in one line" text=commands.get().in_one_line() /> };
    view! {
        <ol class="flex flex-col gap-3" data-testid="setup-steps">
            <Step number=1 title="Get the program" after=Progress::Begun progress>
                {get}
            </Step>
            <Step number=2 title="Join" after=Progress::HasProgram progress>
                {join}
            </Step>
            <Step number=3 title="Keep it running" after=Progress::HasJoined progress>
                {run}
            </Step>
        </ol>
        <details>
            <summary class="cursor-pointer text-muted">"If you trust this server: all three in one line"</summary>
            <div class="pt-2">{all}</div>
        </details>
    }
}

/// A step is done once the progress is beyond `after`.
#[component]
fn Step(
    number: u8,
    title: &'static str,
    after: Progress,
    progress: Memo<Progress>,
    children: Children,
) -> impl IntoView {
    let is_done = Memo::new(move |_| progress.get() > after);
    view! {
        <li class="flex flex-col gap-1" data-testid=format!("setup-step-{number}")>
            <p class="flex items-center gap-2 font-medium">
                <span class="tabular text-muted">{format!("{number}.")}</span>
                {title}
                // Always in the document, so that screen readers hear when a step is done.
                <span role="status" class="flex items-center gap-1 font-normal text-ok">
                    {move || {
                        is_done
                            .get()
                            .then(|| {
                                view! {
                                    <Icon sign=Sign::Check size=14 />
                                    "done"
                                }
                            })
                    }}
                </span>
            </p>
            {children()}
        </li>
    }
}
