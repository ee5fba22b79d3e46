//! Tables of open communication.

table!(topic, "topic", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    partnership: Uuid,
    title: String,
    seat: Option<Uuid>,
    account: Option<Uuid>,
    posts: i64,
    last_at: i64,
    summary: String,
    summed_to: i64,
    summed_at: Option<i64>,
    summed_by: Option<Uuid>,
    summed_account: Option<Uuid>,
    closed_at: Option<i64>,
    removed_at: Option<i64>,
    version: i64,
});
table!(topic_post, "topic_post", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    topic: Uuid,
    partnership: Uuid,
    number: i64,
    kind: String,
    reply_to: Option<Uuid>,
    party: Option<Uuid>,
    seat: Option<Uuid>,
    account: Option<Uuid>,
    text: String,
    words: String,
    n_words: i64,
    removed_at: Option<i64>,
});
table!(topic_mention, "topic_mention", {
    #[sea_orm(primary_key, auto_increment = false)]
    post: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    seat: Uuid,
    topic: Uuid,
    number: i64,
});
table!(topic_read, "topic_read", {
    #[sea_orm(primary_key, auto_increment = false)]
    topic: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    seat: Uuid,
    number: i64,
});
table!(heard, "heard", {
    #[sea_orm(primary_key, auto_increment = false)]
    id: Uuid,
    partnership: Uuid,
    party: Option<Uuid>,
    voice: String,
    text: String,
    account: Option<Uuid>,
    reply: String,
    answer: String,
    answered_party: Option<Uuid>,
    answered_at: Option<i64>,
    changed_at: Option<i64>,
    version: i64,
    removed_at: Option<i64>,
});
