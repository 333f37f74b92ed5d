// Lets a connected client be told over standard input what to call; the lines are those of python/client.py.
'use strict';

const readline = require('node:readline');

const say = (value) => process.stdout.write(JSON.stringify(value) + '\n');

async function answer(client, [name, args]) {
  try {
    return { result: await client.callTool({ name, arguments: args }) };
  } catch (error) {
    return { error: { code: error.code, message: error.message } };
  }
}

exports.converse = async (client, protocolVersion) => {
  const { tools } = await client.listTools();
  say({ protocolVersion, server: client.getServerVersion().name, tools: tools.map((tool) => tool.name) });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    say(await answer(client, JSON.parse(line)));
  }
  await client.close();
};
