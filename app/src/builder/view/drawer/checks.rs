//! What is checked: the profile, and what comments and settings switch off.

use domain::{
    check::{Finding, Level, Profile, Settings, Suppressed, Suppressor, ignoring},
    finding::Basis,
    stack::Edit,
};
use leptos::prelude::*;

use crate::{
    builder::{
        state::{
            notices::Spot,
            session::{Session, use_session},
        },
        view::prose::Prose,
    },
    components::CONTROL,
};

/// The choice of the profile.
#[component]
pub fn ProfileChoice() -> impl IntoView {
    let session = use_session();
    let profile = Memo::new(move |_| session.document.read(|stack| stack.canvas().checks.profile));
    let options = Profile::ALL.map(|one| {
        let label = match one {
            Profile::Recommended => "Recommended",
            Profile::Strict => "Strict: everything",
            Profile::Security => "Security: what an attacker could use",
        };
        view! {
            <option value=one.as_str() selected=move || profile.get() == one>
                {label}
            </option>
        }
    });
    let change = move |event| {
        let wanted = event_target_value(&event);
        if let Some(profile) = Profile::ALL.into_iter().find(|one| one.as_str() == wanted) {
            set(session, move |checks| checks.profile = profile);
        }
    };
    view! {
        <label class="flex w-fit items-center gap-2 pb-2 text-muted">
            "Checks"
            <select class=CONTROL data-testid="check-profile" on:change=change>
                {options.collect_view()}
            </select>
        </label>
    }
}

/// The ways to switch a finding off; nothing for what Compose itself rejects.
#[component]
pub fn SwitchOff(finding: Finding) -> impl IntoView {
    let session = use_session();
    (finding.basis != Basis::Compose).then(|| {
        let code = finding.code.clone();
        let testid = format!("ignore-{code}");
        let here = move |_| {
            let stack = session.document.stack();
            let images = session.document.images;
            let text =
                images.with_untracked(|images| ignoring(&stack, &finding, |stack| images.findings(stack)));
            if let Some(text) = text {
                session.edit(Spot::Problems, &[Edit::ReplaceText { text }]);
            }
        };
        view! {
            <button
                type="button"
                class="text-caption text-muted underline"
                data-testid=testid
                title="Adds a comment to the file"
                on:click=here
            >
                "Ignore here"
            </button>
        }
    })
}

/// The button that stops the reports of a code in this stack.
#[component]
pub fn NeverReport(code: String) -> impl IntoView {
    let session = use_session();
    let testid = format!("never-{code}");
    view! {
        <button
            type="button"
            class="text-caption text-muted underline"
            data-testid=testid
            on:click=move |_| {
                let code = code.clone();
                set(
                    session,
                    move |checks| {
                        checks.rules.insert(code, Level::Off);
                    },
                );
            }
        >
            "Never report in this stack"
        </button>
    }
}

/// What is switched off, with the reason and a way back.
#[component]
pub fn SwitchedOff() -> impl IntoView {
    let session = use_session();
    let all = Memo::new(move |_| session.document.report.with(|report| report.suppressed.clone()));
    move || {
        let all = all.get();
        (!all.is_empty()).then(|| {
            view! {
                <details class="pt-3" data-testid="switched-off">
                    <summary class="cursor-pointer text-muted">{format!("{} switched off", all.len())}</summary>
                    <p class="py-1 text-caption text-muted">
                        "Switching off changes only this list. The policy of a host and the checks before a deployment ignore it."
                    </p>
                    <ul class="flex flex-col gap-2">
                        {all.into_iter().map(|one| view! { <SuppressedLine one /> }).collect_view()}
                    </ul>
                </details>
            }
        })
    }
}

#[component]
fn SuppressedLine(one: Suppressed) -> impl IntoView {
    let session = use_session();
    let code = one.finding.code.clone();
    let by = match one.by {
        Suppressor::Comment(position) => format!("By the comment in line {}", position.line),
        Suppressor::Settings => "In the settings of this stack".to_owned(),
    };
    let by = one.reason.map_or(by.clone(), |reason| format!("{by}: {reason}"));
    let again = (one.by == Suppressor::Settings).then(|| {
        let back = move |_| {
            let code = code.clone();
            set(session, move |checks| {
                checks.rules.remove(&code);
            });
        };
        view! {
            <button type="button" class="text-caption underline" on:click=back>
                "Report again"
            </button>
        }
    });
    view! {
        <li class="flex flex-col">
            <Prose text=one.finding.message />
            <span class="flex flex-wrap gap-x-3 text-caption text-muted">{by} {again}</span>
        </li>
    }
}

fn set(session: Session, change: impl FnOnce(&mut Settings)) {
    let mut checks = session.document.stack().canvas().checks.clone();
    change(&mut checks);
    session.edit(Spot::Problems, &[Edit::SetChecks { checks }]);
}
