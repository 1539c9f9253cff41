// SPDX-License-Identifier: Apache-2.0
// A client and a worker by the Node.js module mdp02 (RFC 18 of the ZeroMQ project), which is not ours.
//   node stock_mdp.js MODULE worker ENDPOINT SERVICE           answers in five parts until it is ended
//   node stock_mdp.js MODULE client ENDPOINT SERVICE COUNT     asks so often and prints what came
"use strict";

const [, , module_, role, address, service, count] = process.argv;
const mdp = require(module_);

function serve() {
    const worker = mdp.makeWorker({ serviceName: service, address });
    worker.on("request", ({ request, response }) => {
        response.write("partial ");
        response.write(request[0]);
        response.write(" ");
        response.write(`of ${request.length}`);
        response.end(); // with an argument it would send that a second time, behind the last answer
    });
    worker.on("error", (error) => { console.error(error); process.exit(1); });
    worker.start();
}

function ask() {
    const client = mdp.makeClient({ address, maxRetries: 0 });
    const next = (left) => {
        let got = "";
        const answer = client.send(service, `request ${left}`);
        answer.on("error", (error) => { console.error(error); process.exit(1); });
        answer.on("data", (data) => { got += String(data); });
        answer.on("end", () => {
            client.removeAllListeners();
            console.log(got);
            if (left === 1) { process.exit(0); }
            next(left - 1);
        });
    };
    next(Number(count));
}

if (role === "worker") { serve(); } else { ask(); }
