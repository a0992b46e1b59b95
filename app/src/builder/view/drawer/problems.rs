//! All findings as a list: message, place, and a button that applies the fix. Hints of one kind share a line.

use domain::check::{Basis, Finding, Fix, Severity};
use leptos::prelude::*;

use crate::{
    builder::{
        model::{
            problems::{Line, lines},
            selection::Selection,
        },
        state::{
            notices::Spot,
            session::{Session, use_session},
        },
        view::{
            drawer::checks::{NeverReport, ProfileChoice, SwitchOff, SwitchedOff},
            notices::RefusalAt,
            prose::Prose,
        },
    },
    components::{Icon, MarkedText, Tone},
};

pub fn tone_of(severity: Severity) -> Tone {
    match severity {
        Severity::Error => Tone::Error,
        Severity::Warning => Tone::Warn,
        Severity::Hint => Tone::Neutral,
    }
}

fn word_for(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Hint => "Hint",
    }
}

#[component]
pub fn Problems() -> impl IntoView {
    let session = use_session();
    let all = Memo::new(move |_| {
        let lines = session.document.findings.with(|findings| lines(findings));
        lines.into_iter().enumerate().collect::<Vec<_>>()
    });
    let key = |(number, line): &(usize, Line)| {
        let shown = |finding: &Finding| (finding.code.clone(), finding.place, finding.message.clone());
        (*number, line.findings.iter().map(shown).collect::<Vec<_>>())
    };
    view! {
        <ProfileChoice />
        <RefusalAt spot=Spot::Problems />
        {move || {
            all.with(Vec::is_empty)
                .then(|| view! { <p class="text-muted">"No problems found"</p> })
        }}
        <ul class="flex flex-col">
            <For each=move || all.get() key=key let:entry>
                <ProblemLine line=entry.1 can_switch_off=true />
            </For>
        </ul>
        <SwitchedOff />
    }
}

#[component]
pub fn Problem(finding: Finding) -> impl IntoView {
    view! { <ProblemLine line=Line { severity: finding.severity, findings: vec![finding] } /> }
}

/// The message of the first finding, and for each finding its place and its fix.
#[component]
fn ProblemLine(line: Line, #[prop(optional)] can_switch_off: bool) -> impl IntoView {
    let session = use_session();
    let tone = tone_of(line.severity);
    let word = word_for(line.severity);
    let first = line.findings.first().cloned();
    let testid = first.as_ref().map(|finding| format!("finding-{}", finding.code));
    let code = first.as_ref().map(|finding| finding.code.clone()).unwrap_or_default();
    let explained = format!("/docs/rules/{code}");
    let never = (can_switch_off && first.as_ref().is_some_and(|finding| finding.basis != Basis::Compose))
        .then(|| view! { <NeverReport code=code.clone() /> });
    let message = first.map(|finding| finding.message).unwrap_or_default();
    let last = line.findings.len().saturating_sub(1);
    let more = match line.findings.len() {
        0 | 1 => None,
        count => Some(format!(" And {} more like this.", count - 1)),
    };
    view! {
        <li class="problem" data-testid=testid>
            <span class=format!("mt-0.5 {}", tone.ink()) title=word>
                <Icon sign=tone.sign() size=14 />
                <span class="sr-only">{word}</span>
            </span>
            <div class="min-w-0 flex-1 wrap-anywhere">
                <p>
                    <Prose text=message />
                    {more}
                </p>
                {line
                    .findings
                    .into_iter()
                    .enumerate()
                    .map(|(at, finding)| {
                        // The fix of all of them stands once, at the end.
                        let fix_all = finding.fix_all.clone().filter(|_| at == last);
                        let finding = Finding { fix_all, ..finding };
                        view! {
                            <p class="flex flex-wrap items-center gap-x-3">
                                <Place finding=finding.clone() />
                                <FixButton finding=finding.clone() session spot=Spot::Problems />
                                {can_switch_off.then(|| view! { <SwitchOff finding /> })}
                            </p>
                        }
                    })
                    .collect_view()}
                <p class="flex flex-wrap items-center gap-x-3">
                    <a href=explained rel="external" class="text-caption text-muted underline">
                        {code}
                    </a>
                    {never}
                </p>
            </div>
        </li>
    }
}

/// The button that leads to the place of a finding in the text.
#[component]
fn Place(finding: Finding) -> impl IntoView {
    let session = use_session();
    let place = finding.place;
    let line = finding.position.line;
    let service = finding.service;
    let whose = match &service {
        Some(service) => format!("{service}, line {line}"),
        None => format!("line {line}"),
    };
    let show = move |_| {
        if let Some(service) = &service {
            session.select(Selection::service(service));
        }
        // The deploy dialog also lists errors, and would cover the text.
        session.operation.deploying.set(false);
        session.panels.edit_text_at(place);
    };
    view! {
        <button type="button" class="text-caption text-muted underline" on:click=show>
            {whose}
        </button>
    }
}

/// The button that applies the fix of a finding, if there is a fix, and the one that fixes all findings of its kind.
#[component]
pub fn FixButton(finding: Finding, session: Session, spot: Spot) -> impl IntoView {
    let code = finding.code;
    let has_others = {
        let code = code.clone();
        Memo::new(move |_| {
            let findings = session.document.findings;
            findings.with(|all| all.iter().filter(|one| one.code == code).count() > 1)
        })
    };
    let button = move |fix: Fix, testid: String| {
        let edit = fix.edit;
        view! {
            <button
                type="button"
                class="fix"
                data-testid=testid
                on:click=move |_| {
                    session.edit(spot, std::slice::from_ref(&edit));
                }
            >
                <MarkedText text=fix.label />
            </button>
        }
    };
    let (testid, all) = (format!("fix-all-{code}"), finding.fix_all);
    view! {
        {finding.fix.map(|fix| button(fix, format!("fix-{code}")))}
        {move || all.clone().filter(|_| has_others.get()).map(|fix| button(fix, testid.clone()))}
    }
}
