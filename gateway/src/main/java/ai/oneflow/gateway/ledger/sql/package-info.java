/// The ledger in SQL: SQLite or PostgreSQL, their migrations, and the reports. Plain blocking code.
/// It knows no journal and no event loop.
@NullMarked
package ai.oneflow.gateway.ledger.sql;

import org.jspecify.annotations.NullMarked;
