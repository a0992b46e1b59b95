//! The marketplace: what other services are told about templates.

mod template_news;

pub use template_news::TemplateNews;
