//! The command that is running on a deployment, or the one that ended last, step by step.

use chrono::{DateTime, Utc};
use domain::{
    api::{AgentStatus, ProgressLine},
    command::State as CommandState,
};
use leptos::{prelude::*, task::spawn_local};

use super::{
    state::{EndedCommand, Live},
    steps::{Step, steps},
};
use crate::{
    components::{Button, Callout, Icon, Look, MarkedText, Moment, Precision, Sign, Tone, elapsed, use_now},
    deployment::words,
    rpc::deployments::cancel_command,
};

/// The running command if there is one, otherwise the one that ended last.
#[derive(Clone, Debug, PartialEq)]
struct Work {
    command_id: String,
    title: String,
    started_at: DateTime<Utc>,
    lines: Vec<ProgressLine>,
    ended: Option<(CommandState, Option<String>, DateTime<Utc>)>,
}

fn work_of(live: &Live) -> Option<Work> {
    let (command, ended) = match (&live.detail.running_command, &live.ended) {
        (Some(running), _) => (running, None),
        (None, Some(EndedCommand { command, status, message, at })) => {
            (command, Some((*status, message.clone(), *at)))
        }
        (None, None) => return None,
    };
    Some(Work {
        command_id: command.command_id.clone(),
        title: words::of_command(command.r#type.as_str()),
        started_at: command.started_at,
        lines: command.progress.clone(),
        ended,
    })
}

#[component]
pub fn WorkPanel(live: RwSignal<Live>) -> impl IntoView {
    let work = Memo::new(move |_| live.with(work_of));
    let there = Memo::new(move |_| work.with(Option::is_some));
    move || there.get().then(|| view! { <Panel live work /> })
}

#[component]
fn Panel(live: RwSignal<Live>, work: Memo<Option<Work>>) -> impl IntoView {
    let now = use_now();
    let ended = Memo::new(move |_| work.with(|work| work.as_ref().and_then(|work| work.ended.clone())));
    let is_over = Memo::new(move |_| ended.with(Option::is_some));
    let tone = move || match ended.get() {
        None => Tone::Busy,
        Some((CommandState::Completed, ..)) => Tone::Ok,
        Some((CommandState::Cancelled, ..)) => Tone::Neutral,
        Some(_) => Tone::Error,
    };
    let title = move || {
        let title = work.with(|work| work.as_ref().map(|work| work.title.clone()).unwrap_or_default());
        match ended.get() {
            None => title,
            Some((CommandState::Completed, ..)) => format!("{title}: done"),
            Some((CommandState::Cancelled, ..)) => format!("{title}: cancelled"),
            Some(_) => format!("{title}: failed"),
        }
    };
    let time = move || {
        // A tick may arrive after this page has been disposed.
        let from = work.try_with(|work| work.as_ref().map(|work| work.started_at)).flatten();
        let to = ended.try_get().flatten().map(|(_, _, at)| at).or(now.get());
        match (from, to) {
            (Some(from), Some(to)) => elapsed(to - from),
            _ => String::new(),
        }
    };
    let message = move || ended.get().and_then(|(_, message, _)| message);
    let waiting = Memo::new(move |_| {
        let untouched =
            work.with(|work| work.as_ref().is_some_and(|work| work.lines.is_empty() && work.ended.is_none()));
        untouched.then(|| live.with(|live| live.detail.summary.agent_status == AgentStatus::Offline))
    });
    view! {
        <section class="flex flex-col rounded-panel bg-panel hairline" aria-label="Progress" data-testid="work">
            <div class="flex flex-wrap items-center gap-2 px-4 py-2">
                <span class=move || tone().ink()>{move || view! { <Icon sign=tone().sign() /> }}</span>
                <h2 class="text-control font-semibold" role="status" data-testid="work-title">
                    {title}
                </h2>
                <span class="tabular text-muted" data-testid="work-time">
                    {time}
                </span>
                <span class="ml-auto">{move || (!is_over.get()).then(|| view! { <Cancel live work /> })}</span>
            </div>
            {move || {
                message()
                    .map(|message| view! { <p class="px-4 pb-2 wrap-anywhere text-muted" data-testid="work-message"><MarkedText text=message /></p> })
            }}
            {move || {
                waiting
                    .get()
                    .map(|offline| {
                        let words = if offline {
                            "The host is offline. This starts as soon as the host is back. Until then, you can cancel it."
                        } else {
                            "Waiting for the agent to start."
                        };
                        view! { <p class="px-4 pb-3 text-muted">{words}</p> }
                    })
            }}
            <Steps work />
        </section>
    }
}

#[component]
fn Steps(work: Memo<Option<Work>>) -> impl IntoView {
    let now = use_now();
    let lines = Memo::new(move |_| {
        work.with(|work| work.as_ref().map(|work| work.lines.clone()).unwrap_or_default())
    });
    let over = Memo::new(move |_| work.with(|work| work.as_ref().and_then(|work| work.ended.clone())));
    let shown = Memo::new(move |_| lines.with(|lines| steps(lines)));
    let step = move |step: Step| {
        let last = step.ended.is_none();
        let end = over.get().map(|(_, _, at)| at);
        let failed =
            step.led_back || last && over.get().is_some_and(|(state, ..)| state == CommandState::Failed);
        let sign = match (last && end.is_none(), failed) {
            (true, _) => (Sign::Clock, "text-busy"),
            (_, true) => (Sign::Error, "text-error"),
            _ => (Sign::Check, "text-ok"),
        };
        let time = move || {
            let to = step.ended.or(end).or(now.get());
            to.map(|to| elapsed(to - step.began)).unwrap_or_default()
        };
        view! {
            <li class="flex items-baseline gap-2 py-1" data-testid=format!("step-{}", step.name)>
                <span class=format!("self-center {}", sign.1)>
                    <Icon sign=sign.0 size=14 />
                </span>
                <span class="shrink-0">{words::of_step(&step.name)}</span>
                <span class="min-w-0 flex-1 truncate font-mono text-caption text-muted" title=step.last_line.clone()>
                    {step.last_line.clone()}
                </span>
                <span class="tabular shrink-0 text-muted">{time}</span>
            </li>
        }
    };
    let count = Memo::new(move |_| lines.with(Vec::len));
    let log = move || {
        lines
            .get()
            .into_iter()
            .map(|line| {
                view! {
                    <p>
                        <span class="text-muted"><Moment at=line.at precision=Precision::TimeOfDay /></span>
                        <span>{line.message}</span>
                    </p>
                }
            })
            .collect_view()
    };
    move || {
        (count.get() > 0).then(|| {
            view! {
                <ol class="border-t border-line px-4 py-1">{move || shown.get().into_iter().map(step).collect_view()}</ol>
                <details class="group border-t border-line">
                    <summary class="flex min-h-control items-center gap-2 px-4 text-muted">
                        <span class="transition group-open:rotate-90">
                            <Icon sign=Sign::ChevronRight size=12 />
                        </span>
                        {move || words::counted(count.get(), "line of output", "lines of output")}
                    </summary>
                    <div class="max-h-80 overflow-auto px-4 pb-3 font-mono text-caption wrap-anywhere" tabindex="0">
                        {log}
                    </div>
                </details>
            }
        })
    }
}

#[component]
fn Cancel(live: RwSignal<Live>, work: Memo<Option<Work>>) -> impl IntoView {
    let sent = RwSignal::new(false);
    let refusal = RwSignal::new(None::<String>);
    let cancel = move |_| {
        let Some(command) = work.with_untracked(|work| work.as_ref().map(|work| work.command_id.clone()))
        else {
            return;
        };
        let hash = live.with_untracked(|live| live.detail.summary.deployment_hash.clone());
        sent.set(true);
        spawn_local(async move {
            if let Err(error) = cancel_command(hash, command).await {
                sent.try_set(false);
                refusal.try_set(Some(error.to_string()));
            }
        });
    };
    view! {
        {move || refusal.get().map(|why| view! { <Callout tone=Tone::Error title=why /> })}
        <Button look=Look::Quiet disabled=sent on:click=cancel attr:data-testid="cancel">
            <Icon sign=Sign::Close />
            {move || if sent.get() { "Cancelling…" } else { "Cancel" }}
        </Button>
    }
}
