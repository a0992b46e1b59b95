//! Pages of lists whose items have ascending or descending ids.

/// The largest page size, which is also the default.
pub const MAX_PAGE: u32 = 1000;

/// A page of a list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// `None` means [`MAX_PAGE`]. Clamped to the allowed range.
    pub limit: Option<u32>,
    /// The last id of the previous page.
    pub after: Option<i32>,
}

impl Page {
    pub(super) fn limit(self) -> usize {
        self.limit.unwrap_or(MAX_PAGE).clamp(1, MAX_PAGE) as usize
    }

    /// How many rows to read: one extra row shows whether there is a next page.
    pub(super) fn rows(self) -> i64 {
        self.limit() as i64 + 1
    }
}

#[derive(Clone, Debug, PartialEq)]
pub struct Listed<T> {
    pub items: Vec<T>,
    /// `after` of the next page; `None` on the last page.
    pub next: Option<i32>,
}

impl<T> Listed<T> {
    /// From [`Page::rows`] rows, or fewer if the list ends.
    pub(super) fn of(page: Page, mut items: Vec<T>, id: impl Fn(&T) -> i32) -> Self {
        let more = items.len() > page.limit();
        items.truncate(page.limit());
        let next = items.last().filter(|_| more).map(id);
        Self { items, next }
    }

    pub(super) fn map<U>(self, f: impl FnMut(T) -> U) -> Listed<U> {
        Listed { items: self.items.into_iter().map(f).collect(), next: self.next }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_page_says_where_the_next_one_begins() {
        let page = Page { limit: Some(2), after: None };
        assert_eq!(page.rows(), 3);
        assert_eq!(Listed::of(page, vec![5, 6, 7], |id| *id), Listed { items: vec![5, 6], next: Some(6) });
        assert_eq!(Listed::of(page, vec![5, 6], |id| *id), Listed { items: vec![5, 6], next: None });
        assert_eq!(Listed::of(page, Vec::new(), |id: &i32| *id), Listed { items: Vec::new(), next: None });
    }
}
