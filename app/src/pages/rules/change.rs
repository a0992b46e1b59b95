//! How rules are changed: with console commands, so that no request over the network can extend its own rights.

use leptos::prelude::*;

use crate::components::CopyLine;

#[component]
pub(super) fn ChangeRules() -> impl IntoView {
    view! {
        <section class="flex flex-col gap-3" aria-labelledby="change-rules">
            <div class="max-w-prose">
                <h2 id="change-rules" class="text-lead font-semibold">
                    "Change the rules"
                </h2>
                <p class="text-muted">
                    "Run these commands on the server's machine. They take effect on all servers at once. In a path, :name stands for one part and /* for everything below."
                </p>
            </div>
            <Command
                what="Allow a request; “remove” instead of “add” takes the rule away:"
                label="Copy the command that adds a rule"
                text="console policy add group_user /project/:id GET"
            />
            <Command
                what="Give a subject all rights of a group:"
                label="Copy the command that adds a membership"
                text="console role add auditor group_admin"
            />
        </section>
    }
}

#[component]
fn Command(what: &'static str, label: &'static str, text: &'static str) -> impl IntoView {
    view! {
        <div class="flex flex-col gap-1">
            <p>{what}</p>
            <CopyLine label text=text.to_owned() />
        </div>
    }
}
