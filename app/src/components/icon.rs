//! Icons, drawn on a 16 px grid as strokes in the current colour.

use leptos::prelude::*;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sign {
    #[default]
    Stack,
    Plus,
    Minus,
    Close,
    Check,
    Info,
    Warning,
    Error,
    Clock,
    Search,
    More,
    Edit,
    Copy,
    Trash,
    Upload,
    Download,
    Undo,
    Redo,
    Fit,
    ZoomIn,
    ZoomOut,
    List,
    Picture,
    File,
    Person,
    ArrowLeft,
    ArrowRight,
    ChevronDown,
    ChevronRight,
    Connect,
    Drag,
    Lock,
    Eye,
    EyeOff,
    Keyboard,
    SignOut,
    Host,
    Launch,
    Live,
    Restart,
    Stop,
    Start,
    Link,
    Key,
    Star,
}

impl Sign {
    fn path(self) -> &'static str {
        match self {
            Self::Stack => "M2.5 3.5h7v2.5h-7zM2.5 7h11v2.5h-11zM2.5 10.5h9V13h-9z",
            Self::Plus => "M8 3v10M3 8h10",
            Self::Minus => "M3 8h10",
            Self::Close => "M4 4l8 8M12 4l-8 8",
            Self::Check => "M3 8.5l3.2 3.2L13 5",
            Self::Info => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 7.3v3.6M8 5.1v.1",
            Self::Warning => "M8 2.2 14.4 13.5H1.6zM8 6.5v3.3M8 11.6v.1",
            Self::Error => "M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5zM8 5v3.6M8 10.9v.1",
            Self::Clock => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12zM8 4.8V8l2.2 1.6",
            Self::Search => "M7 11.5A4.5 4.5 0 1 0 7 2.5a4.5 4.5 0 0 0 0 9zM10.4 10.4 13.8 13.8",
            Self::More => "M3.5 8v.01M8 8v.01M12.5 8v.01",
            Self::Edit => "M2.8 13.2l.6-3L11 2.6l2.4 2.4-7.6 7.6zM9.4 4.2l2.4 2.4",
            Self::Copy => "M5.5 5.5h8v8h-8zM10.5 5.5v-3h-8v8h3",
            Self::Trash => "M2.5 4.2h11M6 4V2.4h4V4M4 4.5l.7 9h6.6l.7-9M6.8 7v4M9.2 7v4",
            Self::Upload => "M8 10.5v-8M4.8 5.5 8 2.3l3.2 3.2M2.5 10.5v3h11v-3",
            Self::Download => "M8 2.5v8M4.8 7.3 8 10.5l3.2-3.2M2.5 10.5v3h11v-3",
            Self::Undo => "M5.5 3 2.5 6l3 3M2.8 6h6.4a3.6 3.6 0 0 1 0 7.2H6",
            Self::Redo => "M10.5 3l3 3-3 3M13.2 6H6.8a3.6 3.6 0 0 0 0 7.2H10",
            Self::Fit => "M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10",
            Self::ZoomIn => {
                "M7 11.5A4.5 4.5 0 1 0 7 2.5a4.5 4.5 0 0 0 0 9zM10.4 10.4l3.4 3.4M7 5.2v3.6M5.2 7h3.6"
            }
            Self::ZoomOut => "M7 11.5A4.5 4.5 0 1 0 7 2.5a4.5 4.5 0 0 0 0 9zM10.4 10.4l3.4 3.4M5.2 7h3.6",
            Self::List => "M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4v.01M2.5 8v.01M2.5 12v.01",
            Self::Picture => "M2 3h4.5v4H2zM9.5 9H14v4H9.5zM6.5 5h5v4",
            Self::File => "M3.5 2h6l3 3v9h-9zM9.3 2.2V5.3h3M5.7 8.3h4.6M5.7 11h3.2",
            Self::Person => {
                "M8 8a2.8 2.8 0 1 0 0-5.6A2.8 2.8 0 0 0 8 8zM2.8 13.8c.5-2.3 2.5-3.6 5.2-3.6s4.7 1.3 5.2 3.6"
            }
            Self::ArrowLeft => "M13 8H3M7 4 3 8l4 4",
            Self::ArrowRight => "M3 8h10M9 4l4 4-4 4",
            Self::ChevronDown => "M4 6.2l4 4 4-4",
            Self::ChevronRight => "M6.2 4l4 4-4 4",
            Self::Connect => {
                "M4 6a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM12 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM6 4h2.5a2 2 0 0 1 2 2v4"
            }
            Self::Drag => "M6 3.5v.01M10 3.5v.01M6 8v.01M10 8v.01M6 12.5v.01M10 12.5v.01",
            Self::Lock => "M3.5 7.2h9v6.3h-9zM5.3 7V5a2.7 2.7 0 0 1 5.4 0v2",
            Self::Eye => {
                "M1.5 8S4 3.6 8 3.6 14.5 8 14.5 8 12 12.4 8 12.4 1.5 8 1.5 8zM8 9.8a1.8 1.8 0 1 0 0-3.6 1.8 1.8 0 0 0 0 3.6z"
            }
            Self::EyeOff => {
                "M2.5 2.5l11 11M6.2 4c.6-.2 1.2-.4 1.8-.4C12 3.6 14.5 8 14.5 8s-.7 1.2-2 2.4M9.8 12.1c-.6.2-1.2.3-1.8.3C4 12.4 1.5 8 1.5 8s.7-1.3 2-2.5"
            }
            Self::Keyboard => "M1.5 4h13v8h-13zM4 6.5v.01M6.7 6.5v.01M9.3 6.5v.01M12 6.5v.01M5 9.5h6",
            Self::SignOut => "M6.5 2.5h-4v11h4M6 8h8M11 5l3 3-3 3",
            Self::Host => "M2.5 2.5h11v4.5h-11zM2.5 9h11v4.5h-11zM5 4.8v.01M5 11.3v.01",
            Self::Launch => "M8 10.5V2.2M4.6 5.6 8 2.2l3.4 3.4M2.5 13.5h11",
            Self::Live => "M1.5 8.5H4l2-5 3.5 9 2-4h3",
            Self::Restart => "M13.2 6.2A5.5 5.5 0 1 0 13.5 8M13.5 2.8v3.5H10",
            Self::Stop => "M4 4h8v8H4z",
            Self::Start => "M5 3.2v9.6L12.6 8z",
            Self::Link => "M9 3h4v4M13 3 7.5 8.5M11 9.5v3.5H3V5h3.5",
            Self::Star => "M8 1.6l1.9 4 4.4.6-3.2 3 .8 4.3L8 11.4l-3.9 2.1.8-4.3-3.2-3 4.4-.6z",
            Self::Key => "M5.5 13a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6zM7.6 8.4 13.2 2.8M11 5l2 2",
        }
    }
}

/// Decorative: the text beside it or the button's `aria-label` carries the meaning.
#[component]
pub fn Icon(sign: Sign, #[prop(default = 16)] size: u16) -> impl IntoView {
    view! {
        <svg
            viewBox="0 0 16 16"
            width=size
            height=size
            fill="none"
            stroke="currentColor"
            stroke-width="1.5"
            stroke-linecap="round"
            stroke-linejoin="round"
            aria-hidden="true"
            class="shrink-0"
        >
            <path d=sign.path() />
        </svg>
    }
}

/// The product's logo: the layers of a stack.
#[component]
pub fn Logo() -> impl IntoView {
    view! {
        <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true" class="shrink-0 text-accent">
            <rect width="32" height="32" rx="8" fill="currentColor" />
            <g class="fill-on-accent">
                <rect x="7" y="7.5" width="11" height="4.5" rx="1.6" />
                <rect x="7" y="13.75" width="18" height="4.5" rx="1.6" opacity=".85" />
                <rect x="7" y="20" width="14" height="4.5" rx="1.6" opacity=".7" />
            </g>
        </svg>
    }
}
