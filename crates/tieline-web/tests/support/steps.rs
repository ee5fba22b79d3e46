//! What a person does in a browser, step by step: opens a page, sends a form and follows it, takes
//! something back.

use super::{Answer, Browser};

/// The page at a path, which is there.
pub(crate) async fn text(browser: &Browser, path: &str) -> String {
    browser.page(path).await
}

/// Posts, follows, and gives the page that it leads to.
pub(crate) async fn done(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> String {
    browser.done(path, fields).await
}

/// Posts, and gives the page that it leads to with its path.
pub(crate) async fn led(
    browser: &Browser,
    path: &str,
    fields: &[(&str, &str)],
) -> (String, String) {
    let answer = browser.post(path, fields).await;
    assert_eq!(answer.status, 303, "{path}: {}", answer.text);
    let to = answer.location().split(['?', '#']).next().unwrap().to_owned();
    (text(browser, answer.location()).await, to)
}

/// Where the first form that ends in this verb posts to.
pub(crate) fn action(page: &str, verb: &str) -> String {
    let ends = format!("/{verb}\">");
    let to = page.find(&ends).unwrap_or_else(|| panic!("no way to {verb} in {page}"));
    let from = page[..to].rfind("action=\"").unwrap() + 8;
    page[from..to + ends.len() - 2].to_owned()
}

/// The path that takes back what a page says was just done.
pub(crate) fn undo_of(page: &str) -> String {
    let from = page.find("data-undo").expect("there is something to take back");
    let form = page[..from].rfind("action=\"").unwrap() + 8;
    page[form..].split('"').next().unwrap().to_owned()
}

/// The id that an undo names last.
pub(crate) fn undone_id(page: &str) -> String {
    undo_of(page).split('/').nth(4).unwrap().to_owned()
}

/// What stands between the value of a field and its end.
pub(crate) fn field<'a>(page: &'a str, name: &str) -> &'a str {
    let from = page.find(&format!("name=\"{name}\" value=\"")).expect(name);
    page[from..].split('"').nth(3).unwrap()
}

/// That an answer has this status.
pub(crate) fn assert_status(answer: &Answer, status: u16) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text);
}
