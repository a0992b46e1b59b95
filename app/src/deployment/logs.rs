//! The logs of a service: follow, search, download.

use std::time::Duration;

use domain::api::LogLine;
use leptos::{prelude::*, task::spawn_local};

use super::live::Live;
use crate::{
    browser,
    components::{Button, CONTROL, Callout, Icon, Look, MarkedText, Moment, Precision, Sign, Tone},
    rpc::deployments::read_logs,
};

/// How many lines the page holds; older ones are dropped.
const MOST_LINES: usize = 5000;
/// Pause between two requests while following.
const PAUSE: Duration = Duration::from_secs(2);
/// Pause after a failure.
const RETRY: Duration = Duration::from_secs(5);

type Numbered = (u32, LogLine);

#[derive(Clone, Copy)]
struct Reading {
    live: RwSignal<Live>,
    service: StoredValue<String>,
    /// Each line with its number on this page.
    lines: RwSignal<Vec<Numbered>>,
    cursor: StoredValue<Option<String>>,
    follows: RwSignal<bool>,
    asking: RwSignal<bool>,
    problem: RwSignal<Option<String>>,
    truncated: RwSignal<bool>,
}

#[component]
pub fn Logs(live: RwSignal<Live>, logs_of: RwSignal<Option<String>>) -> impl IntoView {
    move || logs_of.get().map(|service| view! { <LogPanel live service logs_of /> })
}

#[component]
fn LogPanel(live: RwSignal<Live>, service: String, logs_of: RwSignal<Option<String>>) -> impl IntoView {
    let reading = Reading {
        live,
        service: StoredValue::new(service.clone()),
        lines: RwSignal::new(Vec::new()),
        cursor: StoredValue::new(None),
        follows: RwSignal::new(true),
        asking: RwSignal::new(false),
        problem: RwSignal::new(None),
        truncated: RwSignal::new(false),
    };
    let search = RwSignal::new(String::new());
    let sheet = NodeRef::<leptos::html::Div>::new();
    Effect::new(move || {
        reading.ask();
        browser::focus("logs");
    });
    // Scrolls to the end with every new line while following.
    Effect::new(move || {
        reading.lines.track();
        if !reading.follows.get() {
            return;
        }
        request_animation_frame(move || {
            if let Some(Some(sheet)) = sheet.try_get_untracked() {
                sheet.set_scroll_top(sheet.scroll_height());
            }
        });
    });
    let found = Memo::new(move |_| {
        let wanted = search.get().to_lowercase();
        reading.lines.with(|lines| {
            lines
                .iter()
                .filter(|(_, line)| wanted.is_empty() || line.message.to_lowercase().contains(&wanted))
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let count = move || {
        let (shown, all) = (found.with(Vec::len), reading.lines.with(Vec::len));
        if shown == all {
            super::words::counted(all, "line", "lines")
        } else {
            format!("{shown} of {all} lines")
        }
    };
    let name = service.clone();
    let download = move |_| {
        let text: String =
            found.with_untracked(|lines| lines.iter().map(|(_, line)| as_text(line)).collect());
        // Fails only in a browser that cannot download.
        drop(browser::download(&format!("{name}.log"), "text/plain", &text));
    };
    let close = move |_| logs_of.set(None);
    view! {
        <section
            id="logs"
            tabindex="-1"
            class="flex flex-col rounded-panel bg-panel hairline focus-visible:outline-none"
            aria-labelledby="logs-title"
            data-testid="logs"
        >
            <div class="flex flex-wrap items-center gap-2 border-b border-line py-2 pr-2 pl-4">
                <h2 id="logs-title" class="text-control font-semibold">
                    {format!("Logs of {service}")}
                </h2>
                <span class="text-caption text-muted" role="status">
                    {count}
                </span>
                <div class="ml-auto flex min-w-0 flex-wrap items-center gap-1 max-sm:w-full">
                    <label class="sr-only" for="logs-search">
                        "Search in the logs"
                    </label>
                    <div class="w-44 max-sm:w-full">
                        <input
                            id="logs-search"
                            type="search"
                            placeholder="Search"
                            autocomplete="off"
                            class=CONTROL
                            prop:value=move || search.get()
                            on:input=move |event| search.set(event_target_value(&event))
                        />
                    </div>
                    <button
                        type="button"
                        class=Look::Quiet.class()
                        aria-pressed=move || if reading.follows.get() { "true" } else { "false" }
                        on:click=move |_| {
                            reading.follows.update(|follows| *follows = !*follows);
                            reading.ask();
                        }
                    >
                        {move || if reading.follows.get() { view! { <Icon sign=Sign::Check /> } } else { view! { <Icon sign=Sign::Stop /> } }}
                        "Follow"
                    </button>
                    <button type="button" class=Look::Icon.class() aria-label="Download what is shown" title="Download" on:click=download>
                        <Icon sign=Sign::Download />
                    </button>
                    <button type="button" class=Look::Icon.class() aria-label="Close the logs" on:click=close>
                        <Icon sign=Sign::Close />
                    </button>
                </div>
            </div>
            {move || {
                reading
                    .problem
                    .get()
                    .map(|why| {
                        view! {
                            <div class="p-2">
                                <Callout tone=Tone::Error title="Couldn't read the logs">
                                    <MarkedText text=why />
                                </Callout>
                                <div class="pt-2">
                                    <Button on:click=move |_| reading.ask()>"Try again"</Button>
                                </div>
                            </div>
                        }
                    })
            }}
            <div
                node_ref=sheet
                role="log"
                aria-label=format!("Output of {service}")
                tabindex="0"
                class="h-80 overflow-auto bg-sunken px-4 py-2 font-mono text-caption"
            >
                {move || reading.truncated.get().then(|| view! { <p class="text-muted">"Earlier lines are not shown."</p> })}
                <For each=move || found.get() key=|(number, _)| *number children=|(_, line)| line_of(line) />
                {move || {
                    reading
                        .lines
                        .with(Vec::is_empty)
                        .then(|| {
                            let words = if reading.asking.get() { "Loading the last lines from the host…" } else { "No output yet." };
                            view! { <p class="text-muted">{words}</p> }
                        })
                }}
            </div>
        </section>
    }
}

fn line_of(line: LogLine) -> impl IntoView {
    view! {
        <p class="flex gap-3">
            <span class="shrink-0 text-muted"><Moment at=line.ts precision=Precision::TimeOfDay /></span>
            {(line.stream == "stderr").then(|| view! { <span class="shrink-0 text-warn">"err"</span> })}
            <span class="min-w-0 flex-1 wrap-anywhere whitespace-pre-wrap">{line.message}</span>
        </p>
    }
}

impl Reading {
    /// Requests new lines once, and repeatedly while following.
    fn ask(self) {
        if self.asking.try_get_untracked().unwrap_or(true) {
            return;
        }
        self.asking.set(true);
        self.problem.set(None);
        spawn_local(async move {
            let hash = self.live.try_with_untracked(|live| live.detail.summary.deployment_hash.clone());
            let (Some(hash), Some(service), Some(cursor)) =
                (hash, self.service.try_get_value(), self.cursor.try_get_value())
            else {
                return;
            };
            let goes_on = cursor.is_some();
            match read_logs(hash, service, cursor).await {
                Ok(page) => {
                    // With a cursor, nothing is missing: the next request returns the rest.
                    let left_out = page.truncated && !goes_on;
                    self.truncated.try_update(|truncated| *truncated |= left_out);
                    self.cursor.try_update_value(|cursor| {
                        if page.cursor.is_some() {
                            cursor.clone_from(&page.cursor);
                        }
                    });
                    self.lines.try_update(|lines| append(lines, page.lines));
                    if self.follows.try_get_untracked().unwrap_or(false) {
                        set_timeout(move || self.ask(), PAUSE);
                    }
                }
                Err(error) => {
                    self.problem.try_set(Some(error.to_string()));
                    if error.may_pass() && self.follows.try_get_untracked().unwrap_or(false) {
                        set_timeout(move || self.ask(), RETRY);
                    }
                }
            }
            self.asking.try_set(false);
        });
    }
}

/// Numbers new lines and drops the oldest.
fn append(lines: &mut Vec<Numbered>, new: Vec<LogLine>) {
    let first = lines.last().map_or(0, |(number, _)| number + 1);
    lines.extend((first..).zip(new));
    let surplus = lines.len().saturating_sub(MOST_LINES);
    lines.drain(..surplus);
}

fn as_text(line: &LogLine) -> String {
    format!("{} {} {}\n", line.ts.to_rfc3339(), line.stream, line.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(message: &str) -> LogLine {
        let ts = chrono::DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        LogLine { ts, stream: "stdout".to_owned(), message: message.to_owned() }
    }

    #[test]
    fn only_the_newest_lines_are_kept() {
        let mut lines = vec![(0, line("a"))];
        append(&mut lines, (0..MOST_LINES).map(|_| line("b")).collect());
        assert_eq!((lines.len(), lines[0].1.message.as_str()), (MOST_LINES, "b"));
        assert_eq!(lines.last().unwrap().0, u32::try_from(MOST_LINES).unwrap());
    }
}
